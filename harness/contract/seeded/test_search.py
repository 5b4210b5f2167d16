"""`GET /vendors`: who is found, exactly."""

import pytest

from harness.contract.client import Client
from harness.contract.expect import expect_search
from harness.contract.explore import Exploring
from harness.contract.paths import VENDORS
from harness.contract.strategies import searches
from harness.fixtures.model import Model
from harness.fixtures.search import Search
from harness.fixtures.vocabulary import FAMILIES

PLAIN_TEXT = (
    "forecast OR storm",
    "forecast | storm",
    "forecast & storm",
    "!forecast",
    "-forecast storm",
    '"storm forecast"',
    "forecast:*",
    "weather%",
    "%",
    "wea%",
    "w_ather",
    "forecast'; DROP TABLE vendors; --",
    "forecast\\",
    "(forecast",
)
NOTHING_TO_FIND = ("the", "the of and", "The And", "%", "_", "!!!", "'", '"', "&", "--", "()", "\\", "?")
NO_SUCH_WORD = ("zebra", "weath", "forecast zebra", "forecast 999", "quartz")


def ask(client: Client, model: Model, search: Search) -> None:
    expect_search(client.get(VENDORS, search.params()), model.search(search), model)


@pytest.mark.requirement("API-01", "DOC-02")
def test_without_parameters(client: Client, model: Model) -> None:
    ask(client, model, Search())


@pytest.mark.requirement("API-01")
def test_unknown_parameters_are_ignored(client: Client, model: Model) -> None:
    params = [
        ("nonsense", "1"),
        ("LIMIT", "3"),
        ("minUptime", "100"),
        ("categories", "voice"),
        ("q[]", "zebra"),
        ("nonsense", "2"),
        ("page", "2"),
        ("per_page", "1"),
        ("search", "zebra"),
        ("order", "asc"),
        ("a_name_that_is_as_long_as_only_a_campaign_would_have_it", "%"),
    ]
    expect_search(client.get(VENDORS, params), model.search(Search()), model)


@pytest.mark.requirement("API-01")
def test_empty_query_category_and_tags_filter_nothing(client: Client, model: Model) -> None:
    params = [("q", ""), ("category", ""), ("tags", "")]
    expect_search(client.get(VENDORS, params), model.search(Search()), model)


@pytest.mark.requirement("API-01", "API-02", "API-03", "API-04", "API-05", "API-06")
def test_any_search(client: Client, model: Model, exploring: Exploring) -> None:
    exploring(searches(model), lambda search: ask(client, model, search), share=3)


@pytest.mark.requirement("API-02")
@pytest.mark.parametrize("family", [f for f in FAMILIES if len(f) > 2], ids=lambda family: family[0])
def test_all_forms_of_a_word_find_the_same(client: Client, model: Model, family: tuple[str, ...]) -> None:
    for word in family:
        ask(client, model, Search(query=word, limit=100))


@pytest.mark.requirement("API-02")
@pytest.mark.parametrize("pair", [("finance", "financial"), ("trade", "trader"), ("café", "cafe")])
def test_near_words_are_not_the_same(client: Client, model: Model, pair: tuple[str, str]) -> None:
    for word in pair:
        ask(client, model, Search(query=word, limit=100))


@pytest.mark.requirement("API-02")
def test_case_does_not_count(client: Client, model: Model) -> None:
    for word in ("storm", "STORM", "Storm", "sToRmS"):
        ask(client, model, Search(query=word, limit=100))


@pytest.mark.requirement("API-02")
def test_every_word_must_match_in_any_field(client: Client, model: Model) -> None:
    for query in (
        "weather forecast",
        "forecast weather",
        "weather data global",
        "finance data",
        "machine food",
    ):
        ask(client, model, Search(query=query, limit=100))


@pytest.mark.requirement("API-02")
@pytest.mark.parametrize("words", [5, 10, 20])
def test_the_last_of_many_words_counts_too(client: Client, model: Model, words: int) -> None:
    ask(client, model, Search(query="weather " * words + "zebra"))


@pytest.mark.requirement("API-02")
def test_stop_words_do_not_count(client: Client, model: Model) -> None:
    for query in ("the weather", "forecast of the weather", "weather with your and"):
        ask(client, model, Search(query=query))


@pytest.mark.requirement("API-02")
@pytest.mark.parametrize("query", NOTHING_TO_FIND)
def test_stop_words_and_punctuation_alone_find_nothing(client: Client, model: Model, query: str) -> None:
    ask(client, model, Search(query=query))


@pytest.mark.requirement("API-02")
@pytest.mark.parametrize("query", NO_SUCH_WORD)
def test_unknown_words_and_parts_of_words_find_nothing(client: Client, model: Model, query: str) -> None:
    ask(client, model, Search(query=query))


@pytest.mark.requirement("API-02", "CHK-41")
@pytest.mark.parametrize("query", PLAIN_TEXT)
def test_signs_and_operators_are_plain_text(client: Client, model: Model, query: str) -> None:
    ask(client, model, Search(query=query, limit=100))
