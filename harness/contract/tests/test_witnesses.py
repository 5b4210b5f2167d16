"""What proves a variant active: the first place that differs, and never one that moves by itself."""

import pytest

from harness.contract.witness_requests import Asked, every_request
from harness.contract.witnesses import Witness, difference, stable
from harness.evidence import Json


@pytest.mark.parametrize(
    ("healthy", "variant", "found"),
    [
        ({"total": 3}, {"total": 3}, None),
        ({"total": 3}, {"total": 4}, ("total", "3", "4")),
        ({"v": [{"id": 1}, {"id": 2}]}, {"v": [{"id": 1}, {"id": 3}]}, ("v[1].id", "2", "3")),
        ({"v": [1, 2]}, {"v": [1]}, ("v", "2 items", "1 items")),
        ({"a": 1}, {"a": 1, "b": None}, ("b", "'no such member'", "null")),
        ({"a": True}, {"a": 1}, ("a", "true", "1")),
        ("5", 5, ("", "'5'", "5")),
    ],
)
def test_the_first_difference(healthy: Json, variant: Json, found: tuple[str, str, str] | None) -> None:
    assert difference(healthy, variant) == found


def test_what_moves_by_itself_proves_nothing() -> None:
    healthy = stable({"at": 1, "v": [1, 2], "n": 7}, {"at": 2, "v": [1, 3], "n": 7})
    assert difference(healthy, {"at": 9, "v": [1, 9], "n": 7}) is None
    assert difference(healthy, {"at": 9, "v": [1, 9], "n": 8}) == ("n", "7", "8")
    assert difference(stable([1], [1, 2]), [5]) is None


def test_a_witness_is_a_sentence() -> None:
    assert str(Witness("GET /x", "a", "1", "2")) == "GET /x: 1 in the healthy target, 2 here at a"


def test_no_request_goes_by_the_name_of_another() -> None:
    asked_by: dict[str, Asked] = {}
    for asked in every_request(None, None):
        assert asked_by.setdefault(str(asked), asked) == asked
    assert len(asked_by) > 300
    assert all(len(name) <= 230 for name in asked_by)
