from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.expectations import MISSING, Facts, Judgement, compare, find, judge
from checklists.language import Vocabulary, parse
from checklists.probes import KINDS
from checklists.units import parse_literal

numbers = st.decimals(-(10**9), 10**9, places=3)


def judged(kind: str, text: str, facts: Facts) -> Judgement:
    vocabulary = KINDS[kind].vocabulary
    assert vocabulary is not None
    return judge(parse(text, vocabulary), facts)


@given(numbers, numbers)
def test_operators_agree_with_arithmetic(left: Decimal, right: Decimal) -> None:
    literal = parse_literal(str(right))
    assert compare(left, "<", literal) is (left < right)
    assert compare(left, ">=", literal) is not compare(left, "<", literal)
    assert compare(left, "=", literal) is not compare(left, "!=", literal)
    assert compare(left, "<=", literal) is (compare(left, "<", literal) or compare(left, "=", literal))


@given(st.text(max_size=30), st.text(min_size=1, max_size=5).filter(lambda text: text.strip() == text))
def test_containing_is_the_opposite_of_not_containing(text: str, part: str) -> None:
    literal = parse_literal(f'"{part}"')
    assert compare(text, "~", literal) is (part in text)
    assert compare(text, "!~", literal) is not compare(text, "~", literal)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("operator", ["<", "<=", "=", ">", ">="])
def test_nothing_holds_for_nan_or_infinity(value: float, operator: str) -> None:
    assert compare(value, operator, parse_literal("1")) is False


@given(st.sampled_from(["exit = 0", "time < 5s", 'stdout ~ "x"', "stderr != y"]))
def test_nothing_holds_where_nothing_was_seen(text: str) -> None:
    assert judged("run", text, Facts()).held is None
    assert judged("run", text, Facts(words={"exit": (), "time": (), "stdout": (), "stderr": ()})).held is None


@given(st.lists(st.integers(100, 599), min_size=1, max_size=20))
def test_an_unmarked_subject_must_hold_in_every_answer(statuses: list[int]) -> None:
    facts = Facts(words={"status": tuple(statuses)})
    assert judged("http", "status = 2xx", facts).held is all(200 <= status < 300 for status in statuses)
    assert judged("http", "last status = 2xx", facts).held is (200 <= statuses[-1] < 300)
    assert judged("http", "first status = 2xx", facts).held is (200 <= statuses[0] < 300)


def test_the_first_answer_that_does_not_hold_is_observed() -> None:
    facts = Facts(words={"status": (200, 503, 200)})
    assert judged("http", "status = 200", facts) == Judgement("status = 200", False, "status = 503")


@pytest.mark.parametrize(
    ("found", "operator", "literal", "holds"),
    [
        (0.1999, "<", "200ms", True),
        (0.2001, "<", "200ms", False),
        (0.001, "<", "0.1%", False),
        (True, "=", "yes", True),
        (True, "=", "1", False),
        (1, "=", "true", False),
        ("healthy", "=", "healthy", True),
        ("42", "=", "42", True),
        (42, "=", '"42"', True),
        ("17", "<=", "60", True),
        ("soon", "<=", "60", False),
        (None, "=", "null", True),
        (None, "=", "0", False),
        (None, "<", "1", False),
        (0.1 + 0.2, "=", "0.3", False),
        (Decimal("0.30"), "=", "0.3", True),
        (404, "=", "4xx", True),
        (503, "!=", "5xx", False),
        ("abc", "~", "/^a.c$/", True),
    ],
)
def test_values_are_compared_as_what_they_are(
    found: object, operator: str, literal: str, holds: bool
) -> None:
    assert compare(found, operator, parse_literal(literal)) is holds  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["json $.x != 0", "json $.x !~ boom", "json $.x < 1", "json $.yes != 0"])
def test_null_and_yes_are_no_numbers_that_could_differ(text: str) -> None:
    assert judged("http", text, Facts(documents=({"x": None, "yes": True},))).held is False


@pytest.mark.parametrize("text", ["json $.error absent", "json $.error present", "json $.error != boom"])
def test_an_answer_that_is_no_json_proves_nothing_of_its_values(text: str) -> None:
    judgement = judged("http", text, Facts(documents=(MISSING,)))
    assert judgement.held is False
    assert "the body is not JSON" in judgement.observed


DOCUMENT = {"status": "healthy", "vendors": [{"id": 1}, {"id": 2}], "length": 7, "none": None}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$.status", ["healthy"]),
        ("$.vendors[1].id", [2]),
        ("$.vendors[*].id", [1, 2]),
        ("$.vendors.length", [2]),
        ("$.length", [7]),
        ("$.none", [None]),
    ],
)
def test_json_paths(path: str, values: list[object]) -> None:
    assert list(find(path, DOCUMENT)) == values


@pytest.mark.parametrize("path", ["$.nope", "$.vendors[2]", "$.status[0]", "$.nope[*].id"])
def test_a_value_that_is_not_there_is_absent_and_fails(path: str) -> None:
    facts = Facts(documents=(DOCUMENT,))
    assert judged("http", f"json {path} = healthy", facts).held is False
    assert judged("http", f"json {path} absent", facts).held is True


def test_an_empty_list_has_no_member_that_could_hold() -> None:
    assert judged("http", "json $.vendors[*].id > 0", Facts(documents=({"vendors": []},))).held is None
    assert judged("http", "json $.vendors[*].id absent", Facts(documents=({"vendors": []},))).held is None


def test_headers_ignore_case() -> None:
    facts = Facts(headers=({"retry-after": "17"},))
    assert judged("http", "header Retry-After present", facts).held is True
    assert judged("http", "header Retry-After <= 60", facts).held is True
    assert judged("http", "header X-Other absent", facts).held is True
    assert judged("http", "header X-Other = 1", facts) == Judgement(
        "header X-Other = 1", False, "header X-Other is absent"
    )


def test_a_column_that_the_query_does_not_return_is_undecided() -> None:
    judgement = judged("sql", "missing = 0", Facts(words={"count": (0,), "rows": (1,)}))
    assert judgement.held is None
    assert "count, rows" in judgement.observed


PLAN = Facts(
    sets={"seq_scan": frozenset({"tags"}), "index": frozenset({"vendors_search"})},
    known={"seq_scan": frozenset({"tags", "vendors"})},
)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("no seq_scan on vendors", True),
        ("no seq_scan on tags", False),
        ("no seq_scan", False),
        ("uses index vendors_search", True),
        ("uses index other", False),
        ("no index on vendors_search", False),
    ],
)
def test_plans(text: str, held: bool) -> None:
    assert judged("explain", text, PLAN).held is held


def test_a_plan_that_does_not_read_the_table_is_no_evidence() -> None:
    judgement = judged("explain", "no seq_scan on payments", PLAN)
    assert judgement.held is None
    assert "it reads tags, vendors" in judgement.observed
    assert judged("explain", "no seq_scan", Facts()).held is None
    nothing = Facts(sets={"seq_scan": frozenset()}, known={"seq_scan": frozenset()})
    assert judged("explain", "no seq_scan", nothing).held is None


def test_the_vocabulary_of_every_kind_can_be_asked() -> None:
    """Each word of each kind compares with something: no word is there that nothing fits."""
    samples = ["0", "1s", "1%", "1KB", "200", "yes", "text"]
    for kind in KINDS.values():
        vocabulary: Vocabulary | None = kind.vocabulary
        for word in vocabulary.words if vocabulary else ():
            assert any(_parses(f"{word} = {sample}", vocabulary) for sample in samples), (kind.key, word)


def _parses(text: str, vocabulary: Vocabulary | None) -> bool:
    try:
        return vocabulary is not None and bool(parse(text, vocabulary))
    except ValueError:
        return False
