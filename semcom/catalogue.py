"""All that a scenario can name, and the papers behind it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from semcom.action_links import ACTION_LINKS
from semcom.codecs import CODECS
from semcom.couplers import COUPLERS
from semcom.couplers.metrics import COUPLING_METRICS
from semcom.encoders import ENCODERS
from semcom.encoders.metrics import BOTTLENECK_METRICS
from semcom.games.coders import CODERS
from semcom.games.metrics import GAME_METRICS
from semcom.games.policies import POLICIES
from semcom.marginals import MARGINALS
from semcom.metrics import METRICS
from semcom.scenario.scenario import Scenario
from semcom.scenes import SCENES
from semcom.sensing_metrics import SENSING_METRICS
from semcom.sources import SOURCES
from semcom.studies import STUDIES
from semcom.transceivers import TRANSCEIVERS
from semcom.transceivers.scheme import SCHEMES
from semcom_channels import CHANNELS, Part
from semcom_channels.arrays import ARRAYS
from semcom_channels.codes import CODES
from semcom_channels.kinds import Kinds, PlugInError
from semcom_channels.ldpc_decoders import DECODERS
from semcom_channels.spec import specs_in
from semcom_estimation.receivers import RECEIVERS
from semcom_estimation.receivers.detectors import DETECTORS
from semcom_estimation.sensing import ESTIMATORS
from semcom_estimation.sensing.compression import COMPRESSIONS
from semcom_estimation.sensing.decoupled import DECOUPLED
from semcom_estimation.sensing.elements import ELEMENTS
from semcom_estimation.sensing.fusion import FUSIONS
from semcom_estimation.sensing.modes import MODES
from semcom_estimation.sensing.order import ORDERS

ALWAYS = ("sionna", "tensorflow")
BIBLIOGRAPHY = Path(__file__).parent / "references.bib"


def families() -> Mapping[str, Kinds[type[Part]]]:
    """Every family's kinds, under the words that `semcom list` shows."""
    return {
        "Studies (study.kind)": STUDIES.kinds,
        "Sources (study.source)": SOURCES.kinds,
        "Transceivers (study.transceivers)": TRANSCEIVERS.kinds,
        "Channels (study.channels)": CHANNELS.kinds,
        "Receivers (study.receivers)": RECEIVERS.kinds,
        "Arrays (terminal and base of a channel)": ARRAYS.kinds,
        "Detectors (detector of a receiver)": DETECTORS.kinds,
        "Codes (code of a transceiver)": CODES.kinds,
        "Decoders (decoder of ldpc)": DECODERS.kinds,
        "Picture codecs (codec of a transceiver)": CODECS.kinds,
        "Schemes (scheme of a transceiver)": SCHEMES.kinds,
        "Metrics (study.metrics)": METRICS.kinds,
        "Modes (modes of a model in study.models)": MODES.kinds,
        "Scenes (study.scenes)": SCENES.kinds,
        "Estimators (study.estimators)": ESTIMATORS.kinds,
        "Compressions (compression of an estimator)": COMPRESSIONS.kinds,
        "Estimators of one mode (decoupled of tahir2025)": DECOUPLED.kinds,
        "Order rules (order of tahir2025)": ORDERS.kinds,
        "Fusions (fusion of tahir2025)": FUSIONS.kinds,
        "Elements (element of a sensor in study.sensors)": ELEMENTS.kinds,
        "Metrics of sensing (study.metrics)": SENSING_METRICS.kinds,
        "Policies (policy of a game in study.games)": POLICIES.kinds,
        "Coders (study.coders)": CODERS.kinds,
        "Action links (link of a listener in study.listeners)": ACTION_LINKS.kinds,
        "Metrics of games (study.metrics)": GAME_METRICS.kinds,
        "Families of distributions (study.marginals)": MARGINALS.kinds,
        "Couplers (study.couplers)": COUPLERS.kinds,
        "Metrics of couplings (study.metrics)": COUPLING_METRICS.kinds,
        "Encoders before a bottleneck (study.encoders)": ENCODERS.kinds,
        "Metrics of encoders (study.metrics)": BOTTLENECK_METRICS.kinds,
    }


def usable(kinds: Mapping[str, type[Part]]) -> tuple[dict[str, type[Part]], list[str]]:
    """The kinds of a family that can be used, and what is wrong with those that packages offer in vain."""
    found: dict[str, type[Part]] = {}
    complaints: list[str] = []
    for name in kinds:
        try:
            found[name] = kinds[name]
        except PlugInError as error:
            complaints.append(str(error))
    return found, complaints


def first_sentence(kind: type[Part]) -> str:
    """What a kind is: the first line of its docstring without its reference."""
    return (kind.__doc__ or "").strip().split("\n")[0].partition(" [")[0]


def parts(spec: object) -> Iterator[Part]:
    """Every part inside a Spec, itself included."""
    return (inner for _, inner in specs_in(spec, set()) if isinstance(inner, Part))


def bibliography(scenario: Scenario) -> str:
    """BibTeX of what a scenario uses: a part names keys of references.bib, or gives whole entries of its own."""
    known = _entries(BIBLIOGRAPHY.read_text(encoding="utf-8"))
    used = [*ALWAYS, *(key for part in parts(scenario) for key in part.cites)]
    return "\n\n".join(dict.fromkeys(key if key.startswith("@") else known[key] for key in used))


def _entries(text: str) -> dict[str, str]:
    entries = ["@" + entry.strip() for entry in text.split("\n@") if "{" in entry]
    entries = [entry.replace("@@", "@", 1) for entry in entries]
    return {entry.partition("{")[2].partition(",")[0].strip(): entry for entry in entries}
