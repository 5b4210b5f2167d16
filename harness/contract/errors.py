"""The one shape of every error, and what must lead to one."""

from harness.contract.client import Response
from harness.contract.diagnosis import ContractBroken
from harness.contract.expect import json_object

CODES = {
    "invalid_request": 400,
    "not_found": 404,
    "method_not_allowed": 405,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "rate_limited": 429,
    "internal_error": 500,
    "unavailable": 503,
}


def expect_error(response: Response, code: str, *, names: str = "", reason: str = "") -> None:
    """The answer is that error: status, JSON, `error`, `message`; the message holds `names`."""
    status = CODES[code]
    if response.status != status:
        raise ContractBroken(
            f"the answer is HTTP {response.status}",
            expected=f"HTTP {status}, {code}",
            observed=response.brief(),
            asked=response.curl,
            reason=reason,
        )
    expect_error_shape(response)
    document = json_object(response)
    if document["error"] != code:
        raise _wrong(response, f"error: {code!r}", reason)
    if names and names not in document["message"]:
        raise _wrong(response, f"a message that names {names!r}", reason)


def expect_error_shape(response: Response) -> None:
    """Whatever failed, the body is `{error, message}` and `error` goes with the status."""
    document = json_object(response)
    error, message = document.get("error"), document.get("message")
    if not isinstance(error, str) or not isinstance(message, str) or not message.strip():
        raise _wrong(response, "a body {error, message}, both texts", "")
    if error not in CODES or CODES[error] != response.status:
        codes = sorted(code for code, status in CODES.items() if status == response.status)
        raise _wrong(response, f"error: {' or '.join(codes) or 'a documented code'}", "")


def expect_no_crash(response: Response) -> None:
    """Odd input may be served or refused, but not break anything."""
    if response.status >= 500:
        raise ContractBroken(
            f"odd input gave HTTP {response.status}",
            expected="never a 5xx",
            observed=response.brief(),
            asked=response.curl,
        )
    if response.status >= 400:
        expect_error_shape(response)


def _wrong(response: Response, expected: str, reason: str) -> ContractBroken:
    return ContractBroken(
        "the error's body is not as documented",
        expected=expected,
        observed=response.brief(),
        asked=response.curl,
        reason=reason,
    )
