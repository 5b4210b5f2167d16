"""No model and no bound drifts from openapi.yaml."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest

from machpay import HealthCheck, InvalidError, Sort, calls, models
from machpay.reading import ShapeError, parse_json, read

from . import described

MODELS: dict[str, Any] = {
    "VendorDiscoveryResult": models.VendorInfo,
    "VendorDetails": models.VendorDetails,
    "Metrics": models.VendorMetrics,
    "Endpoint": models.VendorEndpoint,
    "CategoryCount": models.CategoryInfo,
    "SearchAnswer": models.SearchResult,
    "FeaturedAnswer": models.FeaturedAnswer,
    "HealthCheck": models.HealthCheck,
    "HealthAnswer": models.HealthAnswer,
    "CategoriesAnswer": models.CategoriesAnswer,
    "QuickAnswer": models.QuickAnswer,
}
QUICK_RESULT = described.schema("QuickAnswer")["properties"]["results"]["items"]
PAIRS = [(described.schema(name), model) for name, model in MODELS.items()]
PAIRS.append((QUICK_RESULT, models.QuickSearchResult))


def snake(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).lower()


def test_every_answer_has_a_model() -> None:
    answered = set()
    for _, _, operation in described.operations():
        content = described.resolved(operation["responses"]["200"])["content"]
        answered.add(content["application/json"]["schema"]["$ref"].rpartition("/")[2])
    assert answered <= set(MODELS)


@pytest.mark.parametrize(("schema", "model"), PAIRS)
def test_a_model_has_the_fields_of_its_schema(schema: dict[str, Any], model: Any) -> None:
    assert {field.name for field in fields(model)} == set(map(snake, schema["properties"]))
    required = {field.name for field in fields(model) if field.default is MISSING}
    assert required == set(map(snake, schema["required"]))


@pytest.mark.parametrize(("schema", "model"), PAIRS)
def test_a_model_reads_what_its_schema_allows(schema: dict[str, Any], model: Any) -> None:
    whole = wired(described.example(schema))
    assert all(value is not None for value in vars(read(model, whole)).values())
    assert read(model, whole | {"madeUpLater": {"deep": [1]}}) == read(model, whole)
    least = {name: whole[name] for name in schema["required"]}
    emptied = least | dict.fromkeys(set(whole) - set(least))  # null is nobody's promise, but taken
    for read_with_less in (read(model, least), read(model, emptied)):
        assert all(getattr(read_with_less, snake(name)) is None for name in set(whole) - set(least))


@pytest.mark.parametrize(("schema", "model"), PAIRS)
def test_a_model_refuses_what_its_schema_does(schema: dict[str, Any], model: Any) -> None:
    whole = wired(described.example(schema))
    for name in schema["required"]:
        with pytest.raises(ShapeError, match=f"lacks {name}"):
            read(model, {key: value for key, value in whole.items() if key != name})
    for name in schema["properties"]:
        wrongs: list[Any] = [{}, wrong_scalar(whole[name])]
        wrongs += [None] if name in schema["required"] else []
        for wrong in wrongs:
            damaged = copy.deepcopy(whole) | {name: wrong}
            with pytest.raises(ShapeError, match=name):
                read(model, damaged)


def wired(document: Any) -> Any:
    """As it comes out of the parser."""
    return parse_json(json.dumps(document).encode())


def test_a_whole_number_may_be_written_with_a_fraction_of_nothing() -> None:
    count = parse_json(b'{"category": "ai", "count": 4.0}')
    assert read(models.CategoryInfo, count) == models.CategoryInfo(category="ai", count=4)


def wrong_scalar(value: Any) -> Any:
    return 5 if isinstance(value, str) and not value[0].isdigit() else True if value is not True else "true"


def test_enumerations() -> None:
    assert list(get_args(Sort)) == described.schema("Sort")["enum"]
    statuses = described.schema("HealthCheck")["properties"]["status"]["enum"]
    assert list(get_args(get_type_hints(HealthCheck)["status"])) == statuses


def test_search_sends_fields_that_the_api_has() -> None:
    call = calls.search(
        "q",
        category="a",
        categories=["b"],
        tags=["t"],
        sort="recent",
        min_uptime=1,
        min_rating=1,
        max_latency=1,
        verified_only=True,
        limit=1,
        offset=1,
    )
    assert call.body is not None
    assert set(call.body) == set(described.schema("SearchRequest")["properties"])


BODY = described.schema("SearchRequest")["properties"]
BOUNDED: list[tuple[Callable[[Any], Any], dict[str, Any]]] = [
    (lambda value: calls.search(limit=value), BODY["limit"]),
    (lambda value: calls.search(offset=value), BODY["offset"]),
    (lambda value: calls.search(min_uptime=value), BODY["minUptime"]),
    (lambda value: calls.search(min_rating=value), BODY["minRating"]),
    (lambda value: calls.search(max_latency=value), BODY["maxLatency"]),
    (calls.get_featured, described.parameter("featuredVendors", "limit")),
    (lambda value: calls.get_vendor_health(1, value), described.parameter("vendorHealth", "limit")),
    (lambda value: calls.quick_search("ab", value), described.parameter("quickSearch", "limit")),
]


@pytest.mark.parametrize(("call", "schema"), BOUNDED)
def test_numbers_have_the_bounds_of_the_api(call: Callable[[Any], Any], schema: dict[str, Any]) -> None:
    call(schema["minimum"])
    call(schema.get("maximum", 10**9))
    wrong = [schema["minimum"] - 1, True, "1", float("nan"), float("inf")]
    if "maximum" in schema:
        wrong.append(schema["maximum"] + 1)
    if schema["type"] == "integer":
        wrong.append(1.0)
    for value in wrong:
        with pytest.raises(InvalidError):
            call(value)


def test_defaults_are_those_of_the_api() -> None:
    for call, operation in (
        (calls.get_featured(), "featuredVendors"),
        (calls.get_vendor_health(1), "vendorHealth"),
        (calls.quick_search("ab"), "quickSearch"),
    ):
        assert call.query is not None
        assert call.query["limit"] == described.parameter(operation, "limit")["default"]
    assert calls.search().body == {
        name: BODY[name]["default"] for name in ("query", "categories", "tags", "verifiedOnly", "offset")
    }


@pytest.mark.parametrize(
    "call",
    [
        lambda: calls.search("x" * (BODY["query"]["maxLength"] + 1)),
        lambda: calls.search("a\0"),
        lambda: calls.search("\ud800"),
        lambda: calls.search(None),  # type: ignore[arg-type]  # what an untyped caller does
        lambda: calls.search(category=""),
        lambda: calls.search(categories="ai"),
        lambda: calls.search(tags=[""]),
        lambda: calls.search(tags=[1]),  # type: ignore[list-item]  # what an untyped caller does
        lambda: calls.search(sort="best"),  # type: ignore[arg-type]  # what an untyped caller does
        lambda: calls.search(verified_only=1),  # type: ignore[arg-type]  # what an untyped caller does
        lambda: calls.quick_search(" a "),
        lambda: calls.quick_search("x" * 101),
        lambda: calls.get_vendor(""),
        lambda: calls.get_vendor(".."),
        lambda: calls.get_vendor("1/health"),
        lambda: calls.get_vendor("x" * 5001),
        lambda: calls.get_vendor(10**5000),
        lambda: calls.search(offset=10**5000),
        lambda: calls.search(max_latency=10**5000),
        lambda: calls.search(min_rating=Decimal("sNaN")),  # type: ignore[arg-type]  # what an untyped caller does
        lambda: calls.get_vendor("featured"),
        lambda: calls.get_vendor(-1),
        lambda: calls.get_vendor(True),
        lambda: calls.get_vendor(1.0),  # type: ignore[arg-type]  # what an untyped caller does
    ],
)
def test_arguments_that_the_api_would_refuse_are_not_sent(call: Callable[[], object]) -> None:
    with pytest.raises(InvalidError) as caught:
        call()
    assert caught.value.status is None


def test_the_longest_texts_are_taken() -> None:
    calls.search("x" * BODY["query"]["maxLength"])
    calls.quick_search("x" * 100)


def test_a_decimal_is_a_number_too() -> None:
    call = calls.search(min_uptime=Decimal("99.5"))  # type: ignore[arg-type]  # what an untyped caller does
    assert call.body is not None
    assert call.body["minUptime"] == 99.5


def test_a_slug_stays_within_its_segment() -> None:
    assert calls.get_vendor("b?c#d%2F").path == "/vendors/b%3Fc%23d%252F"
