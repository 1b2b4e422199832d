"""Physics: what radio does to symbols, on Sionna's channel models."""

from semcom_channels.awgn import Awgn
from semcom_channels.bsc import BinarySymmetric
from semcom_channels.cdl import Cdl
from semcom_channels.channel import Channel, Realisation, Received
from semcom_channels.dmc import DiscreteMemoryless
from semcom_channels.erasure import Erasure
from semcom_channels.point_targets import PointTargets
from semcom_channels.rayleigh import Rayleigh
from semcom_channels.rician import Rician
from semcom_channels.rma import Rma
from semcom_channels.spec import Family, Part, Spec
from semcom_channels.streams import Streams
from semcom_channels.tdl import Tdl
from semcom_channels.trace import Trace
from semcom_channels.uma import Uma
from semcom_channels.umi import Umi

KINDS = (
    Awgn,
    Rayleigh,
    Rician,
    BinarySymmetric,
    Erasure,
    DiscreteMemoryless,
    Tdl,
    Cdl,
    Umi,
    Uma,
    Rma,
    Trace,
    PointTargets,
)
CHANNELS = Family("semcom.channels", KINDS)

__all__ = [
    "CHANNELS",
    "KINDS",
    "Awgn",
    "BinarySymmetric",
    "Cdl",
    "Channel",
    "DiscreteMemoryless",
    "Erasure",
    "Family",
    "Part",
    "PointTargets",
    "Rayleigh",
    "Realisation",
    "Received",
    "Rician",
    "Rma",
    "Spec",
    "Streams",
    "Tdl",
    "Trace",
    "Uma",
    "Umi",
]
