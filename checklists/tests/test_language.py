import pytest

from checklists.expectations import Comparison, Membership, Position, Presence
from checklists.language import ExpectationError, Vocabulary, parse
from checklists.probes import KINDS
from checklists.units import Unit


def vocabulary(kind: str) -> Vocabulary:
    found = KINDS[kind].vocabulary
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "text", "word", "operator", "unit"),
    [
        ("run", "exit = 0", "exit", "=", Unit.NUMBER),
        ("run", 'stdout ~ "schema restored"', "stdout", "~", Unit.TEXT),
        ("run", "time<50ms", "time", "<", Unit.DURATION),
        ("http", "status = 2xx", "status", "=", Unit.STATUS),
        ("http", "header Content-Type ~ json", "header", "~", Unit.TEXT),
        ("http", "json $.workers.healthChecker.running = true", "json", "=", Unit.BOOL),
        ("http", "json $.vendors.length >= 1", "json", ">=", Unit.NUMBER),
        ("sql", "missing = 0", "missing", "=", Unit.NUMBER),
        ("sql", "age < 15m", "age", "<", Unit.DURATION),
        ("load", "p95 < 200ms", "p95", "<", Unit.DURATION),
        ("load", "error_rate < 0.1%", "error_rate", "<", Unit.RATIO),
        ("promql", "value < 1%", "value", "<", Unit.RATIO),
        ("promql", "value < 1MB", "value", "<", Unit.SIZE),
        ("browser", "violations = 0", "violations", "=", Unit.NUMBER),
    ],
)
def test_comparisons(kind: str, text: str, word: str, operator: str, unit: Unit) -> None:
    found = parse(text, vocabulary(kind))
    assert isinstance(found, Comparison)
    assert (found.subject.word, found.operator, found.literal.unit) == (word, operator, unit)


def test_of_several_answers_the_first_or_last_can_be_meant() -> None:
    last = parse("last status = 429", vocabulary("http"))
    every = parse("status = 200", vocabulary("http"))
    assert isinstance(last, Comparison)
    assert isinstance(every, Comparison)
    assert last.subject.position is Position.LAST
    assert every.subject.position is Position.EVERY


def test_presence_of_a_header_or_a_json_value() -> None:
    found = parse("last header Retry-After present", vocabulary("http"))
    assert isinstance(found, Presence)
    assert found.present
    assert (found.subject.argument, found.subject.position) == ("Retry-After", Position.LAST)
    absent = parse("json $.error absent", vocabulary("http"))
    assert isinstance(absent, Presence)
    assert not absent.present


@pytest.mark.parametrize(
    ("text", "set_name", "member", "inside"),
    [
        ("no seq_scan on vendors", "seq_scan", "vendors", False),
        ("no seq_scan", "seq_scan", "", False),
        ("uses index vendors_search", "index", "vendors_search", True),
    ],
)
def test_what_a_plan_has_or_lacks(text: str, set_name: str, member: str, inside: bool) -> None:
    assert parse(text, vocabulary("explain")) == Membership(text, set_name, member, inside)


@pytest.mark.parametrize(
    ("kind", "text", "message", "hint"),
    [
        ("run", "exti = 0", "'exti' is not known", "did you mean 'exit'?"),
        ("run", "exit == 0", "'==' is not an operator", "did you mean '='?"),
        ("run", "exit => 0", "'=>' is not an operator", "did you mean '>='?"),
        ("run", "exit = abc", "'abc' is not", "a plain number"),
        ("run", "exit =", "nothing stands after '='", ""),
        ("run", "= 0", "nothing stands before the operator", ""),
        ("run", "time < 50", "time is a duration", "50ms"),
        ("run", "stdout < 5", "it has no order", "~"),
        ("run", "stdout", "has no operator", "exit = 0"),
        ("run", "stdout present", "is always there", "compare it"),
        ("run", 'stdout ~ ""', "asserts nothing", ""),
        ("run", "exit ~ 0", "not text", "use = "),
        ("run", "exit = /0/", "goes with ~", ""),
        ("run", "stdout ~ /(/", "does not compile", ""),
        ("run", "last exit = 0", "not something that can be compared", ""),
        ("load", "p95 < 200", "p95 is a duration", "50ms"),
        ("load", "p96 < 200ms", "'p96' is not known", "did you mean 'p9"),
        ("load", "p95 < 200msec", "'msec' is not known", ""),
        ("load", "error_rate < 1s", "error_rate is a ratio", "percentage"),
        ("http", "status = ok", "status is an HTTP status", "2xx"),
        ("http", "json status = healthy", "not a JSON path", "$.vendors"),
        ("http", "json $.a[ = 1", "not a JSON path", ""),
        ("http", "header = 1", "needs one name", "Retry-After"),
        ("http", "json $.x > abc", "'abc' is not a number", ""),
        ("sql", "missing rows = 0", "not something that can be compared", ""),
        ("sql", "missing < 5%", "'5%' is not", "as the answer has it"),
        ("explain", "no seqscan on vendors", "not a part of a plan", "did you mean 'seq_scan'?"),
        ("explain", "uses index", "needs one name", ""),
        ("explain", "no seq_scan of vendors", "cannot be read", ""),
        ("run", "", "must not be empty", ""),
        ("http", "status < 600", "always holds", "must not be"),
        ("http", "status != 2000", "always holds", ""),
        ("http", "status = 20", "can never hold", ""),
        ("http", "size >= 0", "always holds", ""),
        ("http", "time < 0", "can never hold", ""),
        ("http", "body ~ /.*/", "always holds", ""),
        ("http", "body !~ /x?/", "can never hold", ""),
        ("http", "body !~ error and status = 200", "more than one expectation", "quotes"),
        ("http", "body !~ error or warning", "more than one expectation", "quotes"),
        ("http", "body ~ ok && status = 200", "more than one expectation", "quotes"),
        ("http", 'body ~ "ok', "is not closed", ""),
        ("load", "error_rate < 1", "error_rate is a ratio", "percentage"),
        ("load", "error_rate <= 100%", "always holds", ""),
        ("tests", "coverage > 80", "coverage is a ratio", "percentage"),
        ("tests", "coverage > 100%", "can never hold", ""),
        ("tests", "failed >= 0", "always holds", ""),
        ("browser", "violations > -1", "always holds", ""),
    ],
)
def test_a_mistake_is_named_with_a_hint(kind: str, text: str, message: str, hint: str) -> None:
    with pytest.raises(ExpectationError) as caught:
        parse(text, vocabulary(kind))
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("run", "exit = -9"),
        ("run", "exit != 0"),
        ("http", "status != 404"),
        ("http", "body ~ /^$/"),
        ("http", "body ~ terms and conditions"),
        ("http", 'body !~ "a = b"'),
        ("http", "header Link ~ /a = b/"),
        ("http", "size > 0"),
        ("http", "time > 0"),
        ("load", "error_rate = 0"),
        ("load", "error_rate < 100%"),
        ("tests", "failed = 0"),
        ("sql", "missing >= 0"),
        ("promql", "value > -1"),
    ],
)
def test_what_asserts_something_is_taken(kind: str, text: str) -> None:
    assert parse(text, vocabulary(kind)).text == text


def test_the_offset_points_into_the_text() -> None:
    with pytest.raises(ExpectationError) as caught:
        parse("first status = nope", vocabulary("http"))
    assert caught.value.offset == len("first status = ")
