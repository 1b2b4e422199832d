"""What installed packages offer is imported when it is named, and told by name where it cannot be."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import ValidationError

from command import ROOT, complaints, environment
from scenario_text import SMALL
from semcom.catalogue import usable
from semcom.scenario.fields import fields_at
from semcom_channels import Awgn, Channel, Family, Spec
from semcom_channels.kinds import PlugInError

MODULES = {
    "sound": "from semcom_channels import Awgn\nfrom typing import Annotated, Literal\nfrom pydantic import Field\n"
    "class Sound(Awgn):\n    '''A channel of another package.'''\n    kind: Literal['sound'] = 'sound'\n"
    "    loud: Annotated[float, Field(ge=0.0)] = 1.0\n",
    "torn": "raise RuntimeError('it was built for another version\\nand more')\n",
    "exits": "import sys\nsys.exit(3)\n",
    "number": "Sound = 3\n",
    "misnamed": "from sound import Sound\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with an installed package that offers channels, most of them in vain."""
    info = tmp_path / "site" / "offers-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: offers\nVersion: 1.0\n")
    lines = [f"{name} = {name}:Sound" for name in (*MODULES, "missing")]
    (info / "entry_points.txt").write_text("\n".join(["[semcom.channels]", *lines]) + "\n")
    for name, text in MODULES.items():
        log = f"with open({str(tmp_path / 'imported')!r}, 'a') as log:\n    log.write('{name} ')\n"
        (info.parent / f"{name}.py").write_text(log + text)
    return info.parent


@pytest.fixture
def family(site: Path, monkeypatch: pytest.MonkeyPatch) -> Family:
    """The channels, and those of the package."""
    monkeypatch.syspath_prepend(site)
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    return Family("semcom.channels", (Awgn,))


def of(family: Family) -> type[Spec]:
    """A Spec with a channel of the family."""

    class Holder(Spec):
        channel: Annotated[Channel, family]

    return Holder


def imported(site: Path) -> list[str]:
    log = site.parent / "imported"
    return log.read_text().split() if log.exists() else []


def test_a_kind_is_imported_when_it_is_named_and_no_other_is(family: Family, site: Path) -> None:
    holder = of(family)
    assert holder.read({"channel": "awgn"}) == holder.read({"channel": {"kind": "awgn"}})
    assert imported(site) == []
    loud = holder.read({"channel": {"kind": "sound", "loud": 2}})
    assert imported(site) == ["sound"]
    assert loud.plain() == {"channel": {"kind": "sound", "loud": 2.0}}
    assert holder.read(loud.plain()) == loud
    assert holder.read({"channel": "sound"}).plain() == {"channel": {"kind": "sound", "loud": 1.0}}
    assert holder.model_json_schema()["properties"]["channel"]


@pytest.mark.parametrize(
    ("plain", "place", "said"),
    [
        ({"kind": "sound", "loud": -1}, ("channel", "sound", "loud"), "greater than or equal to 0"),
        ({"kind": "sound", "lowd": 1}, ("channel", "sound", "lowd"), "Extra inputs"),
        (
            {"kind": "torn"},
            ("channel", "torn"),
            r"offers: its entry point torn of semcom\.channels \(torn:Sound\) cannot be used: RuntimeError: it was "
            r"built for another version$",
        ),
        ("exits", ("channel", "a bare exits"), "cannot be used: SystemExit: 3$"),
        ("number", ("channel", "a bare number"), "cannot be used: TypeError: offers 3; expected a Part$"),
        (
            "misnamed",
            ("channel", "a bare misnamed"),
            "cannot be used: TypeError: offers the kind sound; expected one of",
        ),
        ("missing", ("channel", "a bare missing"), "cannot be used: ModuleNotFoundError: No module named 'missing'$"),
    ],
)
def test_what_is_wrong_with_a_kind_of_a_package_is_told_at_its_place(
    family: Family, plain: object, place: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ValidationError, match=said.removesuffix("$")) as refused:
        of(family).read({"channel": plain})
    (fault,) = refused.value.errors()
    assert fault["loc"] == place


def test_kinds_that_cannot_be_used_are_named_beside_those_that_can(family: Family) -> None:
    found, complaints = usable(family.kinds)
    assert list(found) == ["awgn", "sound"]
    assert [complaint.split()[4] for complaint in complaints] == ["exits", "misnamed", "missing", "number", "torn"]
    with pytest.raises(PlugInError, match="torn"):
        family.kinds["torn"]
    with pytest.raises(KeyError):
        family.kinds["unknown"]


def python_with(site: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, env=environment(str(site)), capture_output=True, text=True, check=False)


def test_a_broken_package_is_named_in_the_list_and_disables_nothing(site: Path) -> None:
    listed = python_with(site, "-m", "semcom", "list")
    assert listed.returncode == 0
    assert "\n  sound   " in listed.stdout
    assert "\n  rayleigh   " in listed.stdout
    assert "semcom: offers: its entry point torn of semcom.channels (torn:Sound) cannot be used: " in listed.stderr
    assert listed.stderr.count("\n") == 5


def test_looking_at_a_run_imports_no_package_that_it_does_not_name(site: Path) -> None:
    look = (
        "import sys; from pathlib import Path; from semcom.record.folder import RunFolder\n"
        "from semcom.figures.curves import panels\n"
        "from semcom.figures.words import metric_of\n"
        "assert all(metric_of(panel.metric) for panel in panels(RunFolder.open(Path(sys.argv[1]))))"
    )
    looked = python_with(site, "-c", look, ROOT / "results" / "coupling_exact")
    assert looked.returncode == 0, looked.stderr
    assert imported(site) == []


def test_a_scenario_that_names_a_broken_kind_is_refused_with_its_line(site: Path, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.replace("AWGN: awgn", "AWGN: {kind: torn}"))
    done = python_with(site, "-m", "semcom", "run", path, "--out", tmp_path / "run")
    assert done.returncode == 2
    said = f"semcom: {path}:8: study.channels.AWGN: offers: its entry point torn of semcom.channels (torn:Sound) cannot"
    assert complaints(done)[0].startswith(said)
    assert len(complaints(done)) == 1


def test_misspelt_fields_of_a_kind_of_a_package_name_those_that_there_are(family: Family) -> None:
    plain = {"channel": {"kind": "sound", "lowd": 1}}
    assert fields_at(of(family), ("channel",), plain) == ["kind", "loud"]
    assert fields_at(of(family), ("channel",), {"channel": {"kind": "torn"}}) == []


def test_a_name_that_two_packages_offer_is_neither_s(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = site / "others-1.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
    (other / "entry_points.txt").write_text("[semcom.channels]\nsound = sound:Sound\n")
    monkeypatch.syspath_prepend(site)
    told = "offers and others both offer sound of semcom.channels; remove one of them"
    with pytest.raises(PlugInError, match=told):
        Family("semcom.channels", (Awgn,)).kinds["sound"]
