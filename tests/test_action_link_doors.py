"""Links of actions that are none: what a scenario says wrong, and laws of a link of one's own."""

import re
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from semcom.action_links import ACTION_LINKS, ActionLink
from semcom.errors import UserError
from semcom_channels import Spec


class Holder(Spec):
    link: Annotated[ActionLink, ACTION_LINKS]


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"kind": "flip", "flip_probability": 1.1}, "less than or equal to 1"),
        ({"kind": "flip", "flip_probability": -0.1}, "greater than or equal to 0"),
        ({"kind": "bsc", "flip_probability": 0.6}, "less than or equal to 0.5"),
        ({"kind": "erasure", "erasure_probability": 2.0}, "less than or equal to 1"),
        ({"kind": "modulated", "snr_db": 400}, r"snr_db is 400; expected -60 to 100\. Is it in linear scale\?"),
        ({"kind": "modulated", "snr_db": -61.5}, r"snr_db is -61\.5; expected -60 to 100"),
        ({"kind": "modulated", "snr_db": float("nan")}, "finite number"),
        ({"kind": "modulated", "modulation": "8psk"}, "'bpsk', 'qpsk', '16qam', '64qam' or '256qam'"),
        ({"kind": "modulated", "decision": "firm"}, "'hard' or 'soft'"),
        ({"kind": "noiseless", "snr_db": 3.0}, "Extra inputs are not permitted"),
    ],
)
def test_what_is_no_link_is_refused(plain: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words) as caught:
        Holder.read({"link": plain})
    assert caught.value.error_count() == 1


class Own(ActionLink):
    """A link whose law is given."""

    kind: str = "own"
    rows: tuple[tuple[float, ...], ...]

    def law(self, count: int) -> Any:
        return [list(row) for row in self.rows]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (((0.9, 0.3), (0.1, 0.7)), "shape (2, 2) and rows that sum to 0.8 to 1.2"),
        (((0.0, 0.0), (0.0, 0.0)), "shape (2, 2) and rows that sum to 0 to 0"),
        (((1.5, -0.5), (0.0, 1.0)), "shape (2, 2) and rows that sum to 1 to 1"),
        (((1.0, 0.0),), "shape (1, 2) and rows that sum to 1 to 1"),
        (((1.0, 0.0), (0.0, 1.0), (0.5, 0.5)), "shape (3, 2) and rows that sum to 1 to 1"),
        ((), "shape (0,) and rows that sum to 0 to 0"),
    ],
)
def test_a_link_whose_law_is_none_is_told(rows: tuple[tuple[float, ...], ...], told: str) -> None:
    said = f"the law of own for 2 actions has {told}; expected a row of probabilities for each action"
    with pytest.raises(UserError, match=re.escape(said)):
        Own(rows=rows).transition_matrix(2)


def test_a_law_of_ragged_rows_is_told() -> None:
    with pytest.raises(UserError, match="the law of own for 2 actions is no matrix of numbers: setting an array elem"):
        Own(rows=((1.0,), (0.5, 0.5))).transition_matrix(2)


def test_a_link_of_one_s_own_may_give_lists() -> None:
    assert Own(rows=((0.25, 0.75), (1.0, 0.0))).transition_matrix(2).tolist() == [[0.25, 0.75], [1.0, 0.0]]
