from typing import Any

import pytest

from harness.contract.compare import differences, marked, moment, shorten
from harness.contract.shapes import METRICS, RESULT, search_faults
from harness.fixtures.shown import ABSENT


@pytest.mark.parametrize(
    ("expected", "observed"),
    [
        (1, 1.0),
        (0.1, 0.1000000001),
        ("é", "é"),
        ({"a": 1}, {"a": 1, "b": None}),
        ({"a": ABSENT}, {}),
        ({"avgLatencyMs": 45}, {"avgLatencyMs": 45.5}),
        ([], []),
    ],
)
def test_equal_enough(expected: Any, observed: Any) -> None:
    assert list(differences(expected, observed)) == []


@pytest.mark.parametrize(
    ("expected", "observed"),
    [
        (1, True),
        (1, "1"),
        (True, 1),
        (1, 2),
        (1, None),
        ("a", "A"),
        ("0.500000", 0.5),
        ({"a": 1}, {}),
        ({"a": ABSENT}, {"a": None}),
        ({"avgLatencyMs": 45}, {"avgLatencyMs": 45.6}),
        ({}, []),
        ([1], []),
        ([1], [1, 1]),
        ([], {}),
    ],
)
def test_different(expected: Any, observed: Any) -> None:
    assert list(differences(expected, observed, "it"))


def test_nothing_compares_with_an_unknown_type() -> None:
    with pytest.raises(TypeError):
        list(differences(object(), 1))


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789Z"])
def test_moments(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.second == 5


@pytest.mark.parametrize(
    "value",
    ["2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00", "2026-13-02T03:04:05Z", "yesterday", 5, None],
)
def test_no_moments(value: Any) -> None:
    assert moment(value) is None


def test_what_differs_is_marked() -> None:
    assert marked([1, 2, 3], [1, 3, 2]) == ("1 2 [3]", "1 [3] 2")
    assert marked([], [7]) == ("none", "[7]")
    assert "…14 more…" in marked(range(20), range(20))[0]


def test_long_values_are_cut() -> None:
    assert len(shorten("x" * 500)) <= 120
    assert shorten(None) == "null"


@pytest.mark.parametrize("revenue", ["1.5", 1.5, "1,500000", "-1.000000", None])
def test_revenue_is_a_text_with_six_places(revenue: Any) -> None:
    assert any(d.path.endswith("totalRevenueUsd") for d in METRICS.faults({"totalRevenueUsd": revenue}, "m"))


def test_shapes_name_what_is_missing_and_what_is_null() -> None:
    paths = {d.path for d in RESULT.faults({"id": "1", "logoUrl": None}, "v")}
    assert {"v.id", "v.logoUrl", "v.slug"} <= paths
    assert "v.featuredOrder" not in paths
    assert [d.expected for d in RESULT.faults([], "v")] == ["an object"]
    assert [d.path for d in search_faults({"vendors": [], "total": 0, "hasMore": 0, "categories": []})] == [
        "answer.hasMore"
    ]
