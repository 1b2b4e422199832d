"""Scenes: what stands before the antennas."""

from semcom.scenes.crossed import Crossed
from semcom.scenes.pairs import Pairs
from semcom.scenes.road import Road
from semcom.scenes.scene import Scene, Truth
from semcom.scenes.silence import Silence
from semcom.scenes.uniform import Uniform
from semcom_channels import Family

KINDS = (Uniform, Pairs, Crossed, Road, Silence)
SCENES = Family("semcom.scenes", KINDS)

__all__ = ["KINDS", "SCENES", "Scene", "Truth"]
