"""What a scenario can name: strictness, equality and stable keys."""

import json
import pickle
from typing import Annotated, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from semcom.sources import SOURCES
from semcom_channels import CHANNELS, Awgn, Cdl, Channel, DiscreteMemoryless, Family, Part, Rayleigh, Rician, Spec
from semcom_channels.codes import CODES
from semcom_channels.ldpc_decoders import DECODERS
from semcom_channels.ofdm_grid import OfdmGrid, Pilots
from semcom_channels.spec import key_of, name_of

ricians = st.builds(
    Rician,
    k_factor_db=st.floats(-60.0, 60.0),
    coherence_uses=st.none() | st.integers(1, 1000),
)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


class Holder(Spec):
    channel: Annotated[Channel, CHANNELS]


@given(ricians)
def test_a_spec_comes_back_from_yaml_json_and_pickle(spec: Rician) -> None:
    copies = (
        Rician.read(yaml.safe_load(yaml.safe_dump(spec.plain()))),
        Rician.read(json.loads(spec.model_dump_json())),
        pickle.loads(pickle.dumps(spec)),
        Holder.read({"channel": spec.plain()}).channel,
    )
    for copy in copies:
        assert copy == spec
        assert (hash(copy), copy.key) == (hash(spec), spec.key)


@given(ricians, ricians)
def test_specs_are_equal_exactly_when_their_keys_are(one: Rician, other: Rician) -> None:
    assert (one == other) == (one.key == other.key) == (hash(one) == hash(other))


def test_a_changed_copy_has_the_key_of_its_own_fields() -> None:
    spec = Rician()
    assert spec.key != spec.model_copy(update={"k_factor_db": 3.0}).key == Rician(k_factor_db=3.0).key
    assert hash(spec.model_copy(update={"k_factor_db": 3.0})) == hash(Rician(k_factor_db=3.0))


def test_equal_numbers_have_one_key_however_they_are_written() -> None:
    ways = ("10", "10.0", "1.0e+1")
    keys = {Rician.read(yaml.safe_load(f"{{kind: rician, k_factor_db: {way}}}")).key for way in ways}
    assert keys == {Rician().key}
    assert Rician(k_factor_db=-0.0) == Rician(k_factor_db=0.0)
    assert Rician(k_factor_db=-0.0).key == Rician(k_factor_db=0.0).key


@given(st.dictionaries(st.text(max_size=3), plain_values, max_size=4))
def test_a_key_does_not_depend_on_the_order_of_fields(plain: dict[str, Any]) -> None:
    backwards = dict(reversed(plain.items()))
    assert key_of(plain) == key_of(backwards)
    assert len(key_of(plain)) == 16


def test_keys_are_those_that_recorded_runs_and_weights_carry() -> None:
    """A golden: another value here means that no record is resumed and no weights are found any more."""
    assert Awgn().key == "fe27dd4abaab604e"
    assert key_of({"kind": "awgn"}) == Awgn().key
    assert key_of({"b": [1, 2.5, "x"], "a": None}) == key_of({"a": None, "b": [1, 2.5, "x"]}) == "cacedc786abc936f"


@pytest.mark.parametrize(
    ("plain", "fault"),
    [
        ({"kind": "rician", "k_factor": 3.0}, "extra_forbidden"),
        ({"kind": "rician", "k_factor_db": "3"}, "float_type"),
        ({"kind": "rician", "k_factor_db": True}, "float_type"),
        ({"kind": "rician", "k_factor_db": None}, "float_type"),
        ({"kind": "rician", "k_factor_db": 61}, "less_than_equal"),
        ({"kind": "rician", "k_factor_db": float("inf")}, "finite_number"),
        ({"kind": "rician", "k_factor_db": float("nan")}, "finite_number"),
        ({"kind": "rician", "coherence_uses": 0}, "greater_than_equal"),
        ({"kind": "rician", "coherence_uses": 2.0}, "int_type"),
        ({"kind": "rician", "coherence_uses": "2"}, "int_type"),
        ({"kind": "ricean"}, "literal_error"),
    ],
    ids=str,
)
def test_what_does_not_fit_a_field_is_refused(plain: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Rician.read(plain)
    assert fault in {error["type"] for error in caught.value.errors()}


@pytest.mark.parametrize(
    "given_kind", [{"kind": "rayleight"}, "rayleight", {}, 3, None, {"kind": 3}, {"kind": ["awgn"]}]
)
def test_an_unknown_kind_is_refused(given_kind: object) -> None:
    with pytest.raises(ValidationError):
        Holder.read({"channel": given_kind})


def test_a_bare_name_stands_for_the_kind_with_its_defaults() -> None:
    assert Holder.read({"channel": "rician"}) == Holder(channel=Rician())
    assert Holder.read({"channel": {"kind": "rayleigh", "coherence_uses": 4}}).channel == Rayleigh(coherence_uses=4)


def test_python_may_give_a_list_where_a_tuple_is_kept() -> None:
    given = Cdl(grid={"pilots": {"symbols": [2]}}, terminal={"kind": "ula"})  # type: ignore[arg-type]
    assert given == Cdl(grid=OfdmGrid(pilots=Pilots(symbols=(2,))))
    assert isinstance(given.grid.pilots.symbols, tuple)
    assert DiscreteMemoryless(transition=[[0.5, 0.5], (1, 0)]).transition == ((0.5, 0.5), (1.0, 0.0))  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [{2}, frozenset({2}), "2", 2, {2: 3}, [2.5], ["2"]])
def test_what_has_no_order_or_other_entries_is_no_tuple(given: Any) -> None:
    with pytest.raises(ValidationError):
        Pilots(symbols=given)


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Rician().k_factor_db = 3.0  # type: ignore[misc]


@pytest.mark.parametrize("family", [CHANNELS, SOURCES, CODES, DECODERS], ids=lambda family: family.group)
def test_every_kind_stands_under_its_own_name_and_is_documented(family: Family) -> None:
    for name, kind in family.kinds.items():
        assert name_of(kind) == name
        assert (kind.__doc__ or "").strip()
        assert all(field.description for field_name, field in kind.model_fields.items() if field_name != "kind")


def test_a_kind_that_is_no_literal_of_one_name_is_a_mistake() -> None:
    class Nameless(Part):
        kind: str = "nameless"

    with pytest.raises(TypeError, match=r"Nameless\.kind must be a Literal of one name"):
        name_of(Nameless)
