"""The little language of expectations: text in, an Expectation out, mistakes named where they stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checklists.expectations import Comparison, Expectation, Membership, Position, Presence, Subject
from checklists.tautologies import verdict_of_nothing
from checklists.units import Literal, Unit, parse_literal
from harness.documents import suggestion


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a probe's answers have: words with their units, and whether headers, JSON, columns or a plan."""

    words: Mapping[str, Unit]
    headers: bool = False
    documents: bool = False
    positions: bool = False
    columns: bool = False
    sets: Mapping[str, str] = field(default_factory=dict)
    signed: frozenset[str] = frozenset()  # words that may be negative

    def known(self) -> list[str]:
        extra = ["header NAME"] * self.headers + ["json $.PATH"] * self.documents
        return [*self.words, *extra]


class ExpectationError(ValueError):
    """What is wrong with an expectation, how far into its text, and what was probably meant."""

    def __init__(self, message: str, offset: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.hint = message, offset, hint


_OPERATOR = re.compile(r"\s*(!=|<=|>=|!~|==|=~|=>|=<|<>|=|<|>|~)\s*")
_MISTAKEN = {"==": "=", "=~": "~", "=>": ">=", "=<": "<=", "<>": "!="}
_JOINED = re.compile(r"\s(?:!=|<=|>=|!~|==|=|<|>|~|&&|\|\|)(?:\s|$)")
_ORDERED = frozenset({"<", "<=", ">", ">="})
_FITTING = {
    Unit.NUMBER: {Unit.NUMBER},
    Unit.DURATION: {Unit.DURATION},
    Unit.RATIO: {Unit.RATIO},
    Unit.SIZE: {Unit.SIZE, Unit.NUMBER},
    Unit.STATUS: {Unit.STATUS, Unit.NUMBER},
    Unit.BOOL: {Unit.BOOL},
    Unit.TEXT: set(Unit),
    Unit.ANY: {Unit.NUMBER, Unit.TEXT, Unit.BOOL, Unit.DURATION, Unit.STATUS},
    Unit.BASE: {Unit.NUMBER, Unit.RATIO, Unit.DURATION, Unit.SIZE},
}
_EXAMPLES = {
    Unit.NUMBER: "a plain number",
    Unit.DURATION: "a duration such as 50ms",
    Unit.RATIO: "a percentage such as 0.1%",
    Unit.SIZE: "a size such as 64KB",
    Unit.STATUS: "a status such as 200 or 2xx",
    Unit.BOOL: "yes or no",
    Unit.ANY: "a number or text as the answer has it, without a % or size",
    Unit.BASE: "a number, a percentage, a duration or a size",
}


def parse(text: str, vocabulary: Vocabulary) -> Expectation:
    """Raises ExpectationError for what cannot be read, cannot be known of this probe, or asserts nothing."""
    text = text.strip()
    if not text:
        raise ExpectationError("an expectation must not be empty", hint="for instance exit = 0")
    if vocabulary.sets and (membership := _membership(text, vocabulary)):
        return membership
    subject_text, operator, literal_text, offset = _split(text)
    if operator is None:
        return _presence(text, vocabulary)
    subject = _subject(subject_text, vocabulary)
    if not literal_text:
        raise ExpectationError(f"nothing stands after {operator!r}", offset, f"for instance {text} 0")
    _check_alone(literal_text, operator, offset)
    try:
        literal = parse_literal(literal_text)
    except ValueError as error:
        raise ExpectationError(str(error), offset) from None
    _check(subject, operator, literal, offset)
    _check_says_something(text, subject, operator, literal, vocabulary)
    return Comparison(text, subject, operator, literal)


def _split(text: str) -> tuple[str, str | None, str, int]:
    match = _OPERATOR.search(text)
    if match is None:
        return text, None, "", 0
    if match[1] in _MISTAKEN:
        raise ExpectationError(
            f"{match[1]!r} is not an operator", match.start(1), f"did you mean {_MISTAKEN[match[1]]!r}?"
        )
    return text[: match.start()].strip(), match[1], text[match.end() :].strip(), match.end()


def _subject(text: str, vocabulary: Vocabulary) -> Subject:
    words, offset = text.split(), 0
    if not words:
        raise ExpectationError("nothing stands before the operator", hint="for instance exit = 0")
    position = Position.EVERY
    if vocabulary.positions and len(words) > 1 and words[0] in ("first", "last"):
        position, offset = Position(words.pop(0)), text.index(" ") + 1
    word, argument = words[0], " ".join(words[1:])
    if word == "header" and vocabulary.headers:
        return Subject("header", _argument(argument, "header", "Retry-After", offset), position, Unit.TEXT)
    if word == "json" and vocabulary.documents:
        return Subject("json", _path(argument, offset), position, Unit.ANY)
    if argument:
        raise ExpectationError(
            f"{text!r} is not something that can be compared",
            offset,
            suggestion(word, vocabulary.known()),
        )
    if word in vocabulary.words:
        return Subject(word, "", position, vocabulary.words[word])
    if vocabulary.columns and re.fullmatch(r"[A-Za-z_]\w*", word):
        return Subject(word, "", position, Unit.ANY)
    raise ExpectationError(
        f"{word!r} is not known of this probe", offset, suggestion(word, vocabulary.known())
    )


def _argument(argument: str, word: str, example: str, offset: int) -> str:
    if not argument or " " in argument:
        raise ExpectationError(f"{word!r} needs one name", offset, f"for instance {word} {example}")
    return argument


def _path(argument: str, offset: int) -> str:
    path = _argument(argument, "json", "$.status", offset)
    if not re.fullmatch(r"\$(\.[\w-]+|\[(\d+|\*)\])*", path):
        raise ExpectationError(
            f"{path!r} is not a JSON path", offset + 5, "for instance $.vendors[0].id or $.vendors.length"
        )
    return path


def _presence(text: str, vocabulary: Vocabulary) -> Presence:
    subject_text, _, state = text.rpartition(" ")
    if state not in ("present", "absent") or not subject_text:
        raise ExpectationError(
            f"{text!r} has no operator",
            hint="write for instance exit = 0, stdout ~ text, time < 50ms or header Retry-After present",
        )
    subject = _subject(subject_text, vocabulary)
    if subject.word not in ("header", "json"):
        raise ExpectationError(
            f"{subject.word!r} is always there", hint=f"compare it, for instance {subject.word} = 0"
        )
    return Presence(text, subject, state == "present")


def _check(subject: Subject, operator: str, literal: Literal, offset: int) -> None:
    if operator in ("~", "!~"):
        if not str(literal.value):
            raise ExpectationError(
                f"{subject} {operator} nothing asserts nothing", offset, "say what must be there"
            )
        if subject.unit not in (Unit.TEXT, Unit.ANY):
            raise ExpectationError(f"{subject} is {subject.unit}, not text", hint="use = != < <= > >=")
        return
    if literal.regular:
        raise ExpectationError("a /pattern/ goes with ~", offset, f"{subject} ~ {literal.text}")
    if operator in _ORDERED and subject.unit in (Unit.TEXT, Unit.BOOL) and subject.word != "header":
        raise ExpectationError(f"{subject} is {subject.unit}: it has no order", hint="use = != ~ !~")
    if operator in _ORDERED and literal.unit in (Unit.TEXT, Unit.BOOL):
        raise ExpectationError(f"{literal.text!r} is not a number", offset, f"{operator} compares numbers")
    nothing = literal.unit is Unit.NUMBER and literal.value == 0  # of whatever unit
    if subject.unit in (Unit.RATIO, Unit.DURATION) and nothing:
        return
    if literal.unit not in _FITTING[subject.unit]:
        raise ExpectationError(
            f"{subject} is {subject.unit}, but {literal.text!r} is not",
            offset,
            f"write {_EXAMPLES.get(subject.unit, 'text')}",
        )


def _check_alone(literal: str, operator: str, offset: int) -> None:
    """Refuse two expectations in one text: the second would be read as part of the first one's text."""
    quoted = literal[0] in "\"'"
    if quoted and (len(literal) < 2 or literal[-1] != literal[0]):
        raise ExpectationError(f"the quote {literal[0]} is not closed", offset, "close it, or take it away")
    if quoted or literal[0] == literal[-1] == "/":
        return
    joined = _JOINED.search(literal)
    if joined or (operator in ("!=", "!~") and re.search(r"\s(?:and|or)\s", literal)):
        raise ExpectationError(
            f"{literal!r} reads like more than one expectation",
            offset,
            "make a list of them, or put the text in quotes",
        )


def _check_says_something(
    text: str, subject: Subject, operator: str, literal: Literal, vocabulary: Vocabulary
) -> None:
    holds = verdict_of_nothing(subject, operator, literal, signed=subject.word in vocabulary.signed)
    if holds == "always":
        raise ExpectationError(f"{text} always holds, so it asserts nothing", hint="say what must not be")
    if holds == "never":
        raise ExpectationError(f"{text} can never hold", hint="correct the value")


def _membership(text: str, vocabulary: Vocabulary) -> Membership | None:
    """`no KIND [on MEMBER]` and `uses KIND MEMBER`; None where the text is neither."""
    words = text.split()
    if words[0] not in ("no", "uses"):
        return None
    kind = words[1] if len(words) > 1 else ""
    if kind not in vocabulary.sets:
        raise ExpectationError(
            f"{kind!r} is not a part of a plan", len(words[0]) + 1, suggestion(kind, vocabulary.sets)
        )
    if words[0] == "uses":
        if len(words) != 3:
            raise ExpectationError(
                f"{text!r} needs one name", hint=f"for instance uses {kind} vendors_search"
            )
        return Membership(text, kind, words[2], inside=True)
    if len(words) == 2:
        return Membership(text, kind, "", inside=False)
    if len(words) != 4 or words[2] != "on":
        raise ExpectationError(f"{text!r} cannot be read", hint=f"for instance no {kind} on vendors")
    return Membership(text, kind, words[3], inside=False)
