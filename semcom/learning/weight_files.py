"""Where trained weights are; light, so that a missing file is known before anything is computed."""

from pathlib import Path

from semcom.errors import UserError
from semcom.learning.pupil import Pupil

SHIPPED = Path(__file__).parent.parent / "weights"
LOCAL = Path("weights")


def file_name(pupil: Pupil) -> str:
    """The name of the file that holds the weights: the kind of pupil and the hash of what makes them."""
    return f"{pupil.kind}-{pupil.weights_key}.npz"


def find(pupil: Pupil) -> Path | None:
    """The file with the weights: in ./weights, or else in the package; None when there is none."""
    for folder in (LOCAL, SHIPPED):
        path = folder / file_name(pupil)
        if path.is_file():
            return path
    return None


def find_or_say(pupil: Pupil) -> Path:
    """The file with the weights; raises UserError that names the command which makes them."""
    path = find(pupil)
    if path is None:
        raise UserError(f"{pupil.kind} has no weights {file_name(pupil)}; make them with `semcom train SCENARIO`")
    return path
