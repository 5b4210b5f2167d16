import pytest

from reference_service.api.query_string import parse_query_string
from reference_service.domain.errors import InvalidRequestError
from reference_service.domain.search import Bounds

PERCENT = Bounds(0, 100)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("q=caf%C3%A9", "café"),
        ("q=caf\u00c3\u00a9", "café"),  # raw UTF-8, one character a byte
        ("q=a+b%20c", "a b c"),
        ("q=100%25", "100%"),
        ("q=a=b", "a=b"),
        ("%71=x", "x"),
        ("q", ""),
        ("q=", ""),
        ("other=1", None),
        ("", None),
    ],
)
def test_text_is_decoded(raw: str, text: str | None) -> None:
    assert parse_query_string(raw).text("q") == text


@pytest.mark.parametrize(
    "raw", ["q=%00", "q=%FF", "q=%ED%A0%80", "q=100%", "q=%zz", "q=a&q=a", "q=&q", "%71=a&q=b"]
)
def test_text_that_cannot_be_kept_is_refused_by_name(raw: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^q "):
        parse_query_string(raw).text("q")


def test_unknown_parameters_are_not_even_decoded() -> None:
    assert parse_query_string("x=%00&x=%FF&%FF=1&limit=3").integer("limit", 20, PERCENT) == 3


@pytest.mark.parametrize(
    "value",
    [
        "",
        "+5",
        "%2B5",
        "05",
        "%205",
        "5%20",
        "1_0",
        "%D9%A5",
        "5.0",
        "1e1",
        "0x5",
        "five",
        "101",
        "-1",
        "9" * 5000,
    ],
)
def test_integers_are_read_strictly(value: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^limit "):
        parse_query_string(f"limit={value}").integer("limit", 20, PERCENT)


def test_an_integer_beyond_all_is_within_unbounded_bounds() -> None:
    assert parse_query_string("offset=" + "9" * 5000).integer("offset", 0, Bounds(0, None)) > 10**9


@pytest.mark.parametrize(
    ("value", "number"), [("0", 0), ("99.95", 99.95), ("1e1", 10), ("-0", 0), ("2.5E1", 25)]
)
def test_numbers_are_those_of_json(value: str, number: float) -> None:
    assert parse_query_string(f"n={value}").number("n", PERCENT) == number


@pytest.mark.parametrize(
    "value", ["", "nan", "NaN", "inf", "-inf", "1e400", ".5", "5.", "1_0", "%D9%A5", "-1", "100.01"]
)
def test_numbers_are_read_strictly(value: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^n "):
        parse_query_string(f"n={value}").number("n", PERCENT)


@pytest.mark.parametrize(("raw", "value"), [("", False), ("v=true", True), ("v=false", False)])
def test_booleans(raw: str, value: bool) -> None:
    assert parse_query_string(raw).boolean("v") is value


@pytest.mark.parametrize("value", ["", "1", "True", "yes", "true%20"])
def test_booleans_are_read_strictly(value: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^v "):
        parse_query_string(f"v={value}").boolean("v")
