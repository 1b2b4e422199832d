"""The OFDM resource grid of a slot: which subcarrier carries what in which symbol."""

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from semcom_channels.spec import Spec

if TYPE_CHECKING:
    import numpy as np

EARLY = 6  # samples before the end of the prefix at which a receiver in the time domain opens its window
PILOT_SEED = 38211  # the pilots are the same in every slot and run: both ends know them


class Pilots(Spec):
    """Known QPSK symbols on a comb of subcarriers in some OFDM symbols; streams take turns along the comb.

    A stream's pilot has the power of all streams together, since the others are silent there.
    """

    symbols: tuple[Annotated[int, Field(ge=0)], ...] = (2, 11)
    """OFDM symbols of the slot that hold pilots, counted from 0; none: no pilots, for perfect receivers."""
    spacing: Annotated[int, Field(ge=1)] = 1
    """Subcarriers from one pilot to the next; those between carry data."""


class OfdmGrid(Spec):
    """A slot of OFDM symbols. [3GPP TS 38.211, sections 4.2 and 4.4]

    The sample rate is `subcarriers` times their spacing; all symbols have the same cyclic prefix.
    """

    subcarriers: Annotated[int, Field(ge=2, le=4096)] = 128
    """The size of the discrete Fourier transform."""
    subcarrier_spacing_hz: Annotated[float, Field(gt=0.0)] = 30e3
    """Distance between subcarriers."""
    symbols: Annotated[int, Field(ge=1, le=1024)] = 14
    """OFDM symbols in a slot."""
    cyclic_prefix: Annotated[int, Field(ge=0)] | None = None
    """Samples of the cyclic prefix; null: 9/128 of the subcarriers, the normal prefix."""
    guard_subcarriers: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] = (0, 0)
    """Empty subcarriers at the lower and the upper edge."""
    null_dc: bool = False
    """Whether the middle subcarrier is empty."""
    bandwidth_hz: Annotated[float, Field(gt=0.0)] | None = None
    """The channel bandwidth that the occupied subcarriers must fit; null: as wide as they are."""
    pilots: Pilots = Pilots()
    """The known symbols."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        used = len(self.occupied)
        if used < 1:
            raise ValueError(f"guard_subcarriers {self.guard_subcarriers} leave none of {self.subcarriers} subcarriers")
        width = (self.subcarriers - sum(self.guard_subcarriers)) * self.subcarrier_spacing_hz
        if self.bandwidth_hz is not None and width > self.bandwidth_hz:
            raise ValueError(
                f"{width / self.subcarrier_spacing_hz:g} subcarriers of {self.subcarrier_spacing_hz:g} Hz are "
                f"{width:g} Hz wide; bandwidth_hz is {self.bandwidth_hz:g}"
            )
        beyond = [symbol for symbol in self.pilots.symbols if symbol >= self.symbols]
        if beyond:
            raise ValueError(f"pilots.symbols has {beyond[0]}; a slot has the symbols 0 to {self.symbols - 1}")
        if len(set(self.pilots.symbols)) < len(self.pilots.symbols):
            raise ValueError(f"pilots.symbols {self.pilots.symbols} names a symbol twice")
        if self.pilots.symbols and self.pilots.spacing > max(used - 1, 1):
            raise ValueError(f"pilots.spacing is {self.pilots.spacing}; {used} subcarriers are occupied")
        if not self.data_elements:
            raise ValueError("pilots leave no resource element for data")
        if self.prefix > self.subcarriers:
            raise ValueError(f"cyclic_prefix is {self.prefix}; expected at most the {self.subcarriers} subcarriers")
        return self

    @property
    def prefix(self) -> int:
        """Samples of the cyclic prefix."""
        return round(self.subcarriers * 9 / 128) if self.cyclic_prefix is None else self.cyclic_prefix

    @property
    def sample_rate_hz(self) -> float:
        """Samples a second."""
        return self.subcarriers * self.subcarrier_spacing_hz

    @property
    def symbol_s(self) -> float:
        """The duration of an OFDM symbol with its prefix."""
        return (self.subcarriers + self.prefix) / self.sample_rate_hz

    @property
    def occupied(self) -> tuple[int, ...]:
        """The occupied subcarriers, counted from the lowest."""
        low, high = self.guard_subcarriers
        middle = self.subcarriers // 2 if self.null_dc else -1
        return tuple(index for index in range(low, self.subcarriers - high) if index != middle)

    @property
    def frequencies_hz(self) -> tuple[float, ...]:
        """Baseband frequencies of the occupied subcarriers."""
        middle = self.subcarriers // 2
        return tuple((index - middle) * self.subcarrier_spacing_hz for index in self.occupied)

    @property
    def pilot_subcarriers(self) -> tuple[int, ...]:
        """Places among the occupied subcarriers that hold pilots in a pilot symbol."""
        return tuple(range(0, len(self.occupied), self.pilots.spacing))

    @property
    def data_elements(self) -> tuple[int, ...]:
        """Resource elements of a slot that carry data, as symbol * occupied + place, subcarriers first."""
        known = set(self.pilot_subcarriers)
        pilots = set(self.pilots.symbols)
        width = len(self.occupied)
        return tuple(
            symbol * width + place
            for symbol in range(self.symbols)
            for place in range(width)
            if not (symbol in pilots and place in known)
        )

    def pilot_places(self, stream: int, streams: int) -> tuple[int, ...]:
        """Resource elements of a slot where a stream sends its pilots, in the numbering of `data_elements`."""
        width = len(self.occupied)
        mine = self.pilot_subcarriers[stream::streams]
        return tuple(symbol * width + place for symbol in sorted(self.pilots.symbols) for place in mine)

    def pilot_values(self, stream: int, streams: int) -> "np.ndarray":
        """The stream's pilots, in the order of `pilot_places`, complex64 of power `streams`."""
        import numpy as np

        count = len(self.pilot_places(stream, streams))
        quadrants = np.random.default_rng([PILOT_SEED, stream]).integers(4, size=count)
        values: np.ndarray = np.sqrt(streams) * np.exp(1j * np.pi * (quadrants / 2 + 0.25))
        return values.astype(np.complex64)
