"""Where trained weights are; light, so that a missing file is known before anything is computed."""

from pathlib import Path

from semcom.errors import UserError
from semcom.transceivers.learned import Learned

SHIPPED = Path(__file__).parent.parent / "weights"
LOCAL = Path("weights")


def file_name(transceiver: Learned) -> str:
    """The name of the file that holds a transceiver's weights: its kind and the hash of what makes them."""
    return f"{transceiver.kind}-{transceiver.weights_key}.npz"


def find(transceiver: Learned) -> Path | None:
    """The file with a transceiver's weights: in ./weights, or else in the package; None when there is none."""
    for folder in (LOCAL, SHIPPED):
        path = folder / file_name(transceiver)
        if path.is_file():
            return path
    return None


def find_or_say(transceiver: Learned) -> Path:
    """The file with a transceiver's weights; raises UserError that names the command which makes them."""
    path = find(transceiver)
    if path is None:
        raise UserError(
            f"{transceiver.kind} has no weights {file_name(transceiver)}; make them with `semcom train SCENARIO`"
        )
    return path
