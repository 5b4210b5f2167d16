from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.units import Unit, parse_duration, parse_literal, show


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0, Unit.NUMBER),
        ("-1.5", -1.5, Unit.NUMBER),
        ("50ms", 0.05, Unit.DURATION),
        ("10m", 600, Unit.DURATION),
        ("24h", 86400, Unit.DURATION),
        ("99.5%", 0.995, Unit.RATIO),
        ("64KB", 64000, Unit.SIZE),
        ("1MiB", 1048576, Unit.SIZE),
        ("2xx", "2xx", Unit.STATUS),
        ("yes", True, Unit.BOOL),
        ("false", False, Unit.BOOL),
        ("healthy", "healthy", Unit.TEXT),
        ('"42"', "42", Unit.TEXT),
        ("/a+b/", "a+b", Unit.TEXT),
    ],
)
def test_a_literal_has_a_value_and_a_unit(text: str, value: object, unit: Unit) -> None:
    literal = parse_literal(text)
    assert literal.unit is unit
    assert literal.value == (pytest.approx(Decimal(str(value))) if isinstance(value, float) else value)


@pytest.mark.parametrize("text", ["50msec", "3 parsecs", "/a(/"])
def test_an_unknown_unit_or_a_broken_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not known|does not compile"):
        parse_literal(text)


@given(st.integers(0, 10**6), st.sampled_from(["ms", "s", "m", "h", "d"]))
def test_a_duration_grows_with_its_unit(amount: int, unit: str) -> None:
    factor = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
    assert parse_duration(f"{amount}{unit}") == pytest.approx(amount * factor)


@pytest.mark.parametrize("text", ["10", "ten", "-5s", "5%", ""])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0423, Unit.DURATION, "42.3ms"),
        (12.5, Unit.DURATION, "12.5s"),
        (0.0012, Unit.RATIO, "0.12%"),
        (None, Unit.ANY, "null"),
        (True, Unit.BOOL, "yes"),
        (3, Unit.NUMBER, "3"),
        ("up", Unit.TEXT, '"up"'),
    ],
)
def test_a_value_is_shown_in_the_unit_that_it_is_written_in(value: object, unit: Unit, text: str) -> None:
    assert show(value, unit) == text  # type: ignore[arg-type]  # parametrised


def test_long_text_is_shortened_in_the_middle() -> None:
    shown = show("a" * 500 + "b" * 500)
    assert len(shown) < 200
    assert shown.startswith('"aaa')
    assert shown.endswith('bbb"')
