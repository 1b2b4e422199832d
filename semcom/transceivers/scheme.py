"""Who chooses the modulation and coding scheme."""

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom.errors import UserError
from semcom.transceivers.frame import Crc, Frame, frame_of
from semcom.transceivers.mcs import INDEX_BITS, Mcs
from semcom.transceivers.transceiver import Csi
from semcom_channels import Family, Part
from semcom_channels.codes import Code
from semcom_channels.modulation import Modulation


class Scheme(Part):
    """Chooses how units are sent."""

    @property
    def antipodal(self) -> bool:
        """Whether it sends +1 and -1 only."""
        return False

    @property
    def needs_snr(self) -> bool:
        """Whether it must know the SNR."""
        return False

    @property
    def needs_feedback(self) -> bool:
        """Whether it must know what noise each symbol will see."""
        return False

    @property
    def side_bits(self) -> int:
        """Bits for each unit that tell one end what the other has chosen."""
        return 0

    @property
    @abstractmethod
    def convention(self) -> str:
        """How it chooses, in words; the record keeps them."""

    @abstractmethod
    def frames(self, code: Code, crc: Crc, uses: int, csi: Csi, batch: int) -> tuple[Frame, ...]:
        """The frame of each of `batch` units of `uses` channel uses; UserError for a scheme that is not possible."""


class Adaptive(Scheme):
    """Slow link adaptation: the sender knows the law of the link and its mean SNR. [Goldsmith & Chua 1998]

    Of the MCS table it takes the scheme that carries most bits among those that lose at most a target share of files
    over realisations of that law, as this receiver hears them: array gain, diversity and errors of channel estimates
    count. Without fading these are the schemes whose measured threshold over white noise the SNR reaches, give or take
    what the target allows.
    """

    kind: Literal["adaptive"] = "adaptive"
    cites: ClassVar[tuple[str, ...]] = ("ts38214",)
    target_loss: Annotated[float, Field(ge=1e-2, le=0.5)] = 0.1
    """The share of files that may be lost. Validation photographs are best, in PSNR, at 0.1 to 0.2 over fading."""

    @property
    def needs_snr(self) -> bool:
        """It does."""
        return True

    @property
    def side_bits(self) -> int:
        """The index in the table."""
        return INDEX_BITS

    @property
    def convention(self) -> str:
        """It is slow, and has a target."""
        return f"slow adaptation by the mean SNR and the link's law, to lose at most {self.target_loss:g} of the files"

    def frames(self, code: Code, crc: Crc, uses: int, csi: Csi, batch: int) -> tuple[Frame, ...]:
        """One frame for all; schemes of which the code has no block of these uses are passed over."""
        from semcom.transceivers import adaptation

        return (adaptation.slow(code, crc, uses, csi, self.target_loss),) * batch


class FastAdaptive(Adaptive):
    """Fast link adaptation: the sender also knows what noise each symbol of a unit will see. [Goldsmith & Chua 1998]

    The receiver feeds the index of the best scheme back, without errors and without delay, before the unit is sent: the
    most that adaptation can gain. Each unit has a scheme of its own, and is not sent where none would arrive.
    """

    kind: Literal["fast_adaptive"] = "fast_adaptive"  # type: ignore[assignment]

    @property
    def needs_feedback(self) -> bool:
        """It does."""
        return True

    @property
    def convention(self) -> str:
        """It is fast, by feedback without delay, and has a target."""
        return (
            "fast adaptation by perfect feedback without delay of what each unit will meet, to lose at most "
            f"{self.target_loss:g} of the files sent; units that no scheme suits are not sent and count as lost"
        )

    def frames(self, code: Code, crc: Crc, uses: int, csi: Csi, batch: int) -> tuple[Frame, ...]:
        """A frame for each; schemes of which the code has no block of these uses are passed over."""
        from semcom.transceivers import adaptation

        return adaptation.fast(code, crc, uses, csi, self.target_loss)


class Fixed(Scheme):
    """One scheme at every SNR: a cliff on one side and a plateau on the other."""

    kind: Literal["fixed"] = "fixed"
    modulation: Modulation = "qpsk"
    """The constellation."""
    code_rate: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.5
    """Information bits per coded bit, the CRC included."""

    @property
    def antipodal(self) -> bool:
        """With BPSK it is."""
        return self.modulation == "bpsk"

    @property
    def convention(self) -> str:
        """It is fixed."""
        return f"{self.modulation} at code rate {self.code_rate:g}, whatever the channel"

    def frame(self, code: Code, crc: Crc, uses: int) -> Frame:
        """The frame of this scheme; raises UserError where there is none."""
        frame = frame_of(code, crc, Mcs(self.modulation, self.code_rate), uses)
        if isinstance(frame, str):
            raise UserError(f"{uses} channel uses of {self.modulation} at code_rate {self.code_rate}: {frame}")
        return frame

    def frames(self, code: Code, crc: Crc, uses: int, csi: Csi, batch: int) -> tuple[Frame, ...]:
        """The same frame for all."""
        return (self.frame(code, crc, uses),) * batch


KINDS = (Adaptive, FastAdaptive, Fixed)
SCHEMES = Family("semcom.schemes", KINDS)
