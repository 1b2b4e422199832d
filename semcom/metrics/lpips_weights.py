"""The weights of LPIPS: AlexNet's from the user's file, the linear ones from the package lpips."""

import zipfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from semcom.errors import UserError
from semcom_channels.foreign import foreign

CONVOLUTIONS = (0, 3, 6, 8, 10)  # their places among the features of torchvision's AlexNet
MOST_BYTES = 1 << 30  # four times what AlexNet takes
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
    with foreign(lambda why: UserError(f"{backbone} holds no AlexNet: {why}")):
        weights = LpipsWeights(
            tuple(_array(features, f"features.{place}.weight", 4).transpose(2, 3, 1, 0) for place in CONVOLUTIONS),
            tuple(_array(features, f"features.{place}.bias", 1) for place in CONVOLUTIONS),
            tuple(_array(linear, f"lin{layer}.model.1.weight", 4).ravel() for layer in range(len(CONVOLUTIONS))),
        )
        shapes = [(kernel.shape[-1],) for kernel in weights.kernels]
        if [one.shape for one in weights.biases] != shapes or [one.shape for one in weights.linear] != shapes:
            raise ValueError("its arrays have other shapes")
        return weights


def _array(state: Mapping[str, Any], name: str, dimensions: int) -> Any:
    if name not in state:
        raise ValueError(f"it has no {name}")
    if state[name].ndim != dimensions or not np.isfinite(state[name]).all():
        raise ValueError(f"its {name} has another shape, or numbers that are not finite")
    return state[name]


def _package() -> Path:
    spec = find_spec("lpips")
    if spec is None or not spec.submodule_search_locations:
        raise UserError("lpips needs the extra lpips: pip install 'semcom[lpips]'")
    return Path(spec.submodule_search_locations[0])


def _state(path: Path) -> dict[str, Any]:
    import torch

    with foreign(lambda why: UserError(f"{path} holds no PyTorch weights or torn ones ({why}); fetch it again")):
        if not path.is_file():
            raise OSError("it is no file")  # a pipe would be waited for
        _check_size(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
        return {name: value.numpy() for name, value in state.items()}


def _check_size(path: Path) -> None:
    """Raises ValueError for a file that is large, packed or unpacked."""
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = max(size, sum(info.file_size for info in archive.infolist()))
    if size > MOST_BYTES:
        raise ValueError(f"it takes {size} bytes; expected at most {MOST_BYTES}")
