"""Wrong input that is taken, guessed at or stumbled over; refusals of another shape."""

import re
from email.message import Message
from typing import Any

import msgspec

from reference_service.domain.errors import NotFoundError, ServiceError
from reference_service.domain.search import Bounds
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, both, name

_DIGITS = re.compile("[0-9]+")


def _taken(fault: str, description: str, install: Any, *requirements: str) -> Fault:
    return Fault(fault, description, requirements or ("DOC-05",), Level.SEEDED, install)


def _last_wins(right: Any) -> Any:
    def text(self: Any, name: str) -> Any:
        return right(type(self)({key: values[-1:] for key, values in self.raw.items()}), name)

    return text


def _empty_is_absent(right: Any) -> Any:
    return lambda self, name: right(self, name) if self.text(name) != "" else None


def _by_first_letter(_: Any) -> Any:
    return lambda self, name: (self.text(name) or "").startswith("t")


def _present_is_true(_: Any) -> Any:
    return lambda self, name: bool(self.text(name))


def _not_a_number_is_none(right: Any) -> Any:
    def number(self: Any, name: str, bounds: Any) -> Any:
        return None if (self.text(name) or "").lower() == "nan" else right(self, name, bounds)

    return number


def _fractions_are_cut(right: Any) -> Any:
    def number(self: Any, name: str, problem: str) -> Any:
        value = right(self, name, problem)
        return int(value) if isinstance(value, float) and problem == "must be an integer" else value

    return number


def _texts_are_numbers(right: Any) -> Any:
    def number(self: Any, name: str, problem: str) -> Any:
        value = self.fields.get(name)
        known = isinstance(value, str) and _DIGITS.fullmatch(value)
        return int(str(value)) if known else right(self, name, problem)

    return number


def _nulls_are_absent(right: Any) -> Any:
    def parse(raw: bytes) -> Any:
        body = right(raw)
        return type(body)({name: value for name, value in body.fields.items() if value is not None})

    return parse


class _Anything:
    def __contains__(self, _: object) -> bool:
        return True


def _stumbling_over_methods(right: Any) -> Any:
    def translated(request: Any, error: Any) -> ServiceError:
        crashed = ServiceError("something went wrong on our side")
        return crashed if error.status_code == 400 else right(request, error)

    return translated


def _stumbling_over_parts(right: Any) -> Any:
    def check(request: Any) -> None:
        header = Message()
        header["Content-Type"] = request.content_type or ""
        header.get_params()
        right(request)

    return check


def _stumbling_over_depth(right: Any) -> Any:
    def parse(raw: bytes) -> Any:
        if raw.count(b"[") + raw.count(b"{") > 10_000:
            raise RecursionError
        return right(raw)

    return parse


def _without_nul(right: Any) -> Any:
    return lambda name, text: right(name, text.replace("\0", ""))


def _in_bytes(right: Any) -> Any:
    def of_length(name: str, text: str, bounds: Any) -> Any:
        right(name, "x" * len(text.encode()), bounds)
        return text

    return of_length


def _untrimmed(right: Any) -> Any:
    def prefix_of(query: Any) -> Any:
        right(query)
        return query.text("q")

    return prefix_of


def _another_type(right: Any) -> Any:
    def answer(self: Any, request: Any, response: Any, error: Any, rest: Any) -> None:
        right(self, request, response, error, rest)
        response.content_type = "text/html"

    return answer


def _another_code(right: Any) -> Any:
    def answer(self: Any, request: Any, response: Any, error: Any) -> None:
        right(self, request, response, error)
        if isinstance(error, NotFoundError) and str(error).startswith("nothing is served"):
            response.data = msgspec.json.encode({"error": "no_route", "message": str(error)})

    return answer


def _without_allow(right: Any) -> Any:
    def answer(self: Any, request: Any, response: Any, error: Any) -> None:
        right(self, request, response, error)
        response.delete_header("Allow")

    return answer


def _zeros_make_a_slug(right: Any) -> Any:
    return property(lambda key: None if key.text[:1] == "0" and len(key.text) > 1 else right.fget(key))


def _digits_first_make_an_id(right: Any) -> Any:
    def identity(key: Any) -> Any:
        digits = _DIGITS.match(key.text)
        return right.fget(type(key)(digits.group())) if digits else None

    return property(identity)


_FAR = 10**30

FAULTS = (
    _taken(
        "last-parameter-wins",
        "of a parameter given twice the last one counts",
        around("api.query_string:QueryString.text", _last_wins),
    ),
    _taken(
        "empty-is-default",
        "an empty limit or rating counts as none",
        around("api.query_string:QueryString._present", _empty_is_absent),
    ),
    _taken(
        "booleans-by-first-letter",
        "verified=tru is taken for true",
        around("api.query_string:QueryString.boolean", _by_first_letter),
    ),
    _taken(
        "verified-false-filters",
        "verified=false leaves out unverified vendors too",
        around("api.query_string:QueryString.boolean", _present_is_true),
        "API-06",
    ),
    _taken(
        "nan-is-no-filter",
        "min_rating=NaN is taken for no filter",
        around("api.query_string:QueryString.number", _not_a_number_is_none),
        "DOC-05",
        "CHK-41",
    ),
    _taken(
        "ratings-up-to-ten",
        "min_rating may be up to 10",
        name("domain.search:RATING", Bounds(0, 10)),
        "DOC-05",
        "API-06",
    ),
    _taken(
        "limit-of-featured-as-of-search",
        "featured takes a limit up to 100",
        name("api.lists:FEATURED_LIMIT", Bounds(1, 100)),
        "API-07",
    ),
    _taken(
        "quick-search-by-one-letter",
        "quick search takes one letter",
        name("domain.search:QUICK_LENGTH", Bounds(1, 100)),
        "API-13",
    ),
    _taken(
        "quick-search-untrimmed",
        "spaces around q count in quick search",
        around("api.reading:prefix_of", _untrimmed),
        "API-13",
    ),
    _taken(
        "lengths-in-bytes",
        "lengths count bytes, not characters",
        both(around("api.reading:of_length", _in_bytes), around("api.json_body:of_length", _in_bytes)),
        "API-02",
    ),
    _taken(
        "fractions-cut-off",
        "a limit of 1.5 in a body is taken for 1",
        around("api.json_body:JsonBody._number", _fractions_are_cut),
        "DOC-04",
        "DOC-05",
    ),
    _taken(
        "texts-are-numbers",
        'a limit of "5" in a body is taken for 5',
        around("api.json_body:JsonBody._number", _texts_are_numbers),
        "DOC-04",
        "DOC-05",
    ),
    _taken(
        "nulls-are-absent",
        "null in a body counts as not given",
        around("api.search:parse_json_body", _nulls_are_absent),
        "DOC-04",
        "DOC-05",
    ),
    _taken(
        "last-key-wins",
        "of a key given twice in a body the last one counts",
        name("api.json_body:_object", dict),
        "DOC-04",
        "DOC-05",
    ),
    _taken(
        "any-content-type",
        "a body is read whatever its content type",
        name("api.body:_check_type", lambda _: None),
        "DOC-04",
        "DOC-05",
    ),
    _taken(
        "bodies-up-to-two-megabytes",
        "bodies up to two mebibytes are read",
        name("api.body:LARGEST_BODY", 2**21),
        "DOC-05",
        "CHK-41",
    ),
    _taken(
        "nul-dropped",
        "a NUL character is dropped instead of refused",
        both(
            around("api.query_string:checked_text", _without_nul),
            around("api.json_body:checked_text", _without_nul),
        ),
        "DOC-05",
        "CHK-41",
    ),
    _taken(
        "surrogates-crash",
        "a lone surrogate in a body is a 500",
        name("api.json_body:checked_text", lambda _, text: text),
        "DOC-05",
        "CHK-41",
    ),
    _taken(
        "depth-crashes",
        "a deeply nested body is a 500",
        around("api.search:parse_json_body", _stumbling_over_depth),
        "DOC-05",
        "CHK-41",
    ),
    _taken(
        "odd-methods-crash",
        "a method that nobody knows is a 500",
        both(name("api.edge:_KNOWN", _Anything()), around("api.errors:_translated", _stumbling_over_methods)),
        "DOC-05",
        "CHK-41",
    ),
    _taken(
        "odd-content-types-crash",
        "a parameter of the content type that is given in parts is a 500",
        around("api.body:_check_type", _stumbling_over_parts),
        "DOC-05",
        "CHK-41",
    ),
    _taken(
        "far-offsets-crash",
        "an offset of a hundred digits is a 500",
        both(
            name("domain.search:FARTHEST_OFFSET", _FAR),
            name("api.query_string:FARTHEST_OFFSET", _FAR),
            name("api.json_body:FARTHEST_OFFSET", _FAR),
        ),
        "API-05",
        "CHK-41",
    ),
    _taken(
        "405-without-allow",
        "a 405 does not say what is allowed",
        around("api.errors:ErrorAnswers._answer", _without_allow),
    ),
    _taken(
        "unknown-routes-are-html",
        "errors of the framework say that they are HTML",
        around("api.errors:ErrorAnswers._of_framework", _another_type),
    ),
    _taken(
        "another-code-for-routes",
        "an unknown route has an error code of its own",
        around("api.errors:ErrorAnswers._answer", _another_code),
        "DOC-05",
        "API-10",
    ),
    _taken(
        "zeros-make-a-slug",
        "an id with leading zeros is looked up as a slug",
        around("domain.vendor_key:VendorKey.id", _zeros_make_a_slug),
        "API-08",
    ),
    _taken(
        "digits-first-make-an-id",
        "a slug that begins with digits is looked up by them as an id",
        around("domain.vendor_key:VendorKey.id", _digits_first_make_an_id),
        "API-09",
    ),
)
