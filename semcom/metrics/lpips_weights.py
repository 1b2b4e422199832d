"""The weights of LPIPS: AlexNet's from the user's file, the linear ones from the package lpips."""

import pickle
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from semcom.errors import UserError

CONVOLUTIONS = (0, 3, 6, 8, 10)  # their places among the features of torchvision's AlexNet
UNREADABLE = (AttributeError, EOFError, LookupError, OSError, RuntimeError, ValueError, pickle.UnpicklingError)
LINEAR = Path("weights", "v0.1", "alex.pth")  # in the package lpips


class LpipsWeights(NamedTuple):
    """NumPy arrays in TensorFlow's order, one for each of the five layers."""

    kernels: tuple[Any, ...]
    """`[height, width, from, to]`."""
    biases: tuple[Any, ...]
    """`[to]`."""
    linear: tuple[Any, ...]
    """The weight of each squared difference, `[to]`."""


def extra_is_installed() -> bool:
    """Whether the package lpips, which ships the linear weights, and PyTorch, which reads them, are there."""
    return find_spec("lpips") is not None and find_spec("torch") is not None


@lru_cache(maxsize=2)
def read_weights(backbone: str) -> LpipsWeights:
    """The weights with AlexNet's from the file `backbone`; raises UserError for a file that holds no AlexNet."""
    features = _state(Path(backbone))
    linear = _state(_package() / LINEAR)
    try:
        return LpipsWeights(
            tuple(features[f"features.{place}.weight"].transpose(2, 3, 1, 0) for place in CONVOLUTIONS),
            tuple(features[f"features.{place}.bias"] for place in CONVOLUTIONS),
            tuple(linear[f"lin{layer}.model.1.weight"].ravel() for layer in range(len(CONVOLUTIONS))),
        )
    except KeyError as missing:
        raise UserError(f"{backbone} holds no AlexNet: it has no {missing.args[0]}") from None


def _package() -> Path:
    spec = find_spec("lpips")
    if spec is None or not spec.submodule_search_locations:
        raise UserError("lpips needs the extra lpips: pip install 'semcom[lpips]'")
    return Path(spec.submodule_search_locations[0])


def _state(path: Path) -> dict[str, Any]:
    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        return {name: value.numpy() for name, value in state.items()}
    except UNREADABLE as error:
        raise UserError(
            f"{path} holds no PyTorch weights or torn ones ({type(error).__name__}); fetch it again"
        ) from error
