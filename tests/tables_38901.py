"""Tables of 3GPP TR 38.901 (release 16) as they are printed, for tests."""

import csv
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

TABLE = Path(__file__).parent / "cdl_38901.csv"

TDL_A_DELAYS = (
    *(0.0000, 0.3819, 0.4025, 0.5868, 0.4610, 0.5375, 0.6708, 0.5750, 0.7618, 1.5375, 1.8978, 2.2242),
    *(2.1718, 2.4942, 2.5119, 3.0582, 4.0810, 4.4579, 4.5695, 4.7966, 5.0066, 5.3043, 9.6586),
)
TDL_A_POWERS_DB = (
    *(-13.4, 0.0, -2.2, -4.0, -6.0, -8.2, -9.9, -10.5, -7.5, -15.9, -6.6, -16.7),
    *(-12.4, -15.2, -10.8, -11.3, -12.7, -16.2, -18.3, -18.9, -16.6, -19.9, -29.7),
)
"""Table 7.7.2-1."""

TDL_C_DELAYS = (
    *(0.0000, 0.2099, 0.2219, 0.2329, 0.2176, 0.6366, 0.6448, 0.6560, 0.6584, 0.7935, 0.8213, 0.9336),
    *(1.2285, 1.3083, 2.1704, 2.7105, 4.2589, 4.6003, 5.4902, 5.6077, 6.3065, 6.6374, 7.0427, 8.6523),
)
TDL_C_POWERS_DB = (
    *(-4.4, -1.2, -3.5, -5.2, -2.5, 0.0, -2.2, -3.9, -7.4, -7.1, -10.7, -11.1),
    *(-5.1, -6.8, -8.7, -13.2, -13.9, -13.9, -15.8, -17.1, -16.0, -15.7, -21.6, -22.8),
)
"""Table 7.7.2-3."""

CDL = {
    profile: np.array([[float(cell) for cell in row[1:]] for row in rows])
    for profile, rows in groupby(
        csv.reader(line for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"), itemgetter(0)
    )
}
"""Tables 7.7.1-1 to 7.7.1-5: normalised delay, power in dB, and AOD, AOA, ZOD, ZOA in degrees of each cluster."""
CDL_SPREADS_DEG = {
    "A": (5.0, 11.0, 3.0, 3.0),
    "B": (10.0, 22.0, 3.0, 7.0),
    "C": (2.0, 15.0, 3.0, 7.0),
    "D": (5.0, 8.0, 3.0, 3.0),
    "E": (5.0, 11.0, 3.0, 7.0),
}
"""Of the rays of a cluster: cASD, cASA, cZSD, cZSA."""
CDL_XPR_DB = {"A": 10.0, "B": 8.0, "C": 7.0, "D": 11.0, "E": 8.0}
CDL_C, CDL_C_SPREADS_DEG, CDL_C_XPR_DB = CDL["C"], CDL_SPREADS_DEG["C"], CDL_XPR_DB["C"]

OFFSETS = (0.0447, 0.1413, 0.2492, 0.3715, 0.5129, 0.6797, 0.8844, 1.1481, 1.5195, 2.1551)
"""Table 7.5-3: ray offsets at an rms spread of 1, each with both signs."""


def shares(powers_db: np.ndarray | tuple[float, ...]) -> np.ndarray:
    """Powers that sum to 1."""
    powers = 10.0 ** (np.asarray(powers_db) / 10.0)
    return np.asarray(powers / powers.sum())


def cdl_rays(profile: str, column: int) -> np.ndarray:
    """The angles of the rays of a CDL in rad, `[cluster, ray]`: 2 for AOD, 3 for AOA, 4 for ZOD, 5 for ZOA. [7.7-0a]"""
    offsets = np.array([sign * offset for offset in OFFSETS for sign in (1.0, -1.0)])
    return np.asarray(np.deg2rad(CDL[profile][:, column, None] + CDL_SPREADS_DEG[profile][column - 2] * offsets))


def cdl_c_rays(column: int) -> np.ndarray:
    """Those of CDL-C."""
    return cdl_rays("C", column)
