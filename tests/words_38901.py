"""Formulas of 3GPP TR 38.901 as its tables print them (v19.4, as the package tr3gpp holds them), evaluated."""

import re
from typing import Any

import numpy as np

NAMES = (
    (r"d_{2D-out}", "dout"),
    (r"d_{3D}", "ddd"),
    ("d3D", "ddd"),
    ("d2D", "dd"),
    (r"(d'_{BP})", "(dbp)"),
    (r"d_{BP}", "dbp"),
    (r"f_c", "fc"),
    (r"C'(h_{UT})", "(clutter)"),
    (r"h_{UT}", "hut"),
    ("hUT", "hut"),
    (r"h_{BS}", "hbs"),
    ("hBS", "hbs"),
    (r"L_{IRRglass}", "lost_coated"),
    (r"L_{glass}", "lost_glass"),
    (r"L_{concrete}", "lost_concrete"),
    (r"\log_{10}", "lg"),
    ("log10", "lg"),
    (r"\left", ""),
    (r"\right", ""),
    (r"\cdot", "*"),
    (r"\pi", "*pi"),
    (r"\exp", "exp"),
    (r"\min", "min"),
    (r"\max", "max"),
    ("[", "("),
    ("]", ")"),
)
FUNCTIONS = {
    "lg": np.log10,
    "exp": np.exp,
    "abs": np.abs,
    "pi": np.pi,
    "max": np.maximum,
    "min": np.minimum,
    "arctan": lambda ratio: np.rad2deg(np.arctan(ratio)),
}


def spelled(words: str) -> str:
    """The formula in Python: products are written out, and fractions and powers are what they mean."""
    words = re.split(r",?\s*see note", words)[0]
    for printed, name in NAMES:
        words = words.replace(printed, name)
    words = re.sub(r"\\dfrac{([^{}]+)}{([^{}]+)}", r"((\1)/(\2))", words)
    words = re.sub(r"\|(.+?)\|", r"abs(\1)", words)
    words = re.sub(r"\^{([^{}]+)}", r"**(\1)", words).replace("^", "**")
    words = re.sub(r"(?<=[\d)])\s*(?=[a-z(])|(?<=[a-z])\s+(?=[a-z])", "*", words)
    return words.strip().lstrip("=")


def value(words: str, **given: Any) -> Any:
    """What a formula gives, in dB, degrees or as it says, of dd = d2D, ddd = d3D, dout, hut, hbs in m and fc in GHz."""
    return eval(spelled(words), {"__builtins__": {}}, {**FUNCTIONS, **given})


def side(words: str, name: str) -> str:
    """The right-hand side of the equation of `name` among several."""
    parts = (part.strip().removeprefix(r"\quad").strip() for part in words.split(";"))
    return next(part for part in parts if part.startswith(name)).split("=", 1)[1]


def second_case(words: str) -> str:
    """The formula of the second of two cases."""
    return words.split(r"\\")[1].split("&")[0]
