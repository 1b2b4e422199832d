"""Who chooses the modulation and coding scheme."""

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom.errors import UserError
from semcom.transceivers.frame import Crc, Frame, frame_of
from semcom.transceivers.mcs import INDEX_BITS, TABLE, Mcs, threshold_db
from semcom_channels import Family, Part
from semcom_channels.codes import CRC_BITS, Code
from semcom_channels.modulation import Modulation


class Scheme(Part):
    """Chooses how a unit is sent."""

    @property
    def antipodal(self) -> bool:
        """Whether it sends +1 and -1 only."""
        return False

    @property
    def needs_snr(self) -> bool:
        """Whether it must know the SNR."""
        return False

    @property
    def side_bits(self) -> int:
        """Bits that tell the receiver what was chosen."""
        return 0

    @abstractmethod
    def frame(self, code: Code, crc: Crc, uses: int, snr_db: float) -> Frame:
        """The frame of a unit that has `uses` channel uses; raises UserError for a scheme that is not possible."""


class Adaptive(Scheme):
    """The scheme of the MCS table that carries most bits among those that are reliable at the mean SNR.

    Reliable means what `threshold_db` says; it was measured with the default LDPC code and is taken for every code.

    Below the lowest threshold it is the most robust one, and the outage shows. Where there are fewer channel uses than
    the code's shortest block has, nothing is sent.
    """

    kind: Literal["adaptive"] = "adaptive"
    cites: ClassVar[tuple[str, ...]] = ("ts38214",)
    margin_db: Annotated[float, Field(ge=-20.0, le=60.0)] = 0.0
    """How far above a scheme's threshold the SNR must be, as a guard against fading."""

    @property
    def needs_snr(self) -> bool:
        """It does."""
        return True

    @property
    def side_bits(self) -> int:
        """The index in the table."""
        return INDEX_BITS

    def frame(self, code: Code, crc: Crc, uses: int, snr_db: float) -> Frame:
        """The frame of the chosen scheme; schemes of which the code has no block of these uses are passed over."""
        found = [(mcs, frame_of(code, crc, mcs, uses)) for mcs in TABLE]
        frames = [
            (threshold_db(mcs, frame.information_bits), frame) for mcs, frame in found if isinstance(frame, Frame)
        ]
        if not frames:
            return Frame(TABLE[0].modulation, crc, 0, CRC_BITS[crc], 0, uses)
        reliable = [frame for threshold, frame in frames if threshold + self.margin_db <= snr_db]
        if reliable:
            return max(reliable, key=lambda frame: frame.payload_bits)
        return min(frames, key=lambda pair: pair[0])[1]


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

    def frame(self, code: Code, crc: Crc, uses: int, snr_db: float) -> Frame:
        """The frame of this scheme."""
        frame = frame_of(code, crc, Mcs(self.modulation, self.code_rate), uses)
        if isinstance(frame, str):
            raise UserError(f"{uses} channel uses of {self.modulation} at code_rate {self.code_rate}: {frame}")
        return frame


KINDS = (Adaptive, Fixed)
SCHEMES = Family("semcom.schemes", KINDS)
