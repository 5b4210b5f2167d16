"""Answers of another shape, and wrong input that is taken."""

from typing import Any

import msgspec

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, name

_READING = "api.reading:"


def _clamped(right: Any) -> Any:
    def within(parameter: str, value: float, bounds: Any) -> Any:
        if parameter == "limit" and bounds.high is not None:
            value = min(value, bounds.high)
        return right(parameter, value, bounds)

    return within


def _detailed(error: Any) -> bytes:
    return msgspec.json.encode({"error": error.code, "detail": str(error)})


def _with_nulls(document: msgspec.Struct) -> bytes:
    return msgspec.json.encode(_nulled(msgspec.to_builtins(document, builtin_types=())))


def _nulled(value: Any) -> Any:
    if isinstance(value, dict):
        nulls = {"logoUrl": None} if "slug" in value and "appId" in value else {}
        return nulls | {key: _nulled(item) for key, item in value.items()}
    return [_nulled(item) for item in value] if isinstance(value, list) else value


FAULTS = (
    Fault(
        "limit-clamped",
        "a limit above the bound is quietly lowered to it",
        ("API-05",),
        Level.SEEDED,
        around("api.query_string:within", _clamped),
    ),
    Fault(
        "unknown-fields-ignored",
        "an unknown field of a body is ignored instead of refused",
        ("DOC-05",),
        Level.SEEDED,
        name("api.json_body:JsonBody.only", lambda body, _: body),
    ),
    Fault(
        "errors-say-detail",
        "an error's text is called detail, not message",
        ("DOC-05",),
        Level.SEEDED,
        name("api.errors:error_body", _detailed),
    ),
    Fault(
        "absent-is-null",
        "a missing logo is null instead of left out",
        ("DOC-02",),
        Level.SEEDED,
        name("api.answering:encoded", _with_nulls),
    ),
)
