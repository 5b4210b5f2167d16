"""Text that a caller sent."""

from reference_service.domain.errors import InvalidRequestError
from reference_service.domain.search import Bounds


def checked_text(name: str, text: str) -> str:
    """The text, where PostgreSQL and UTF-8 can hold it.

    Raises InvalidRequestError for a NUL or a lone surrogate.
    """
    if "\0" in text:
        raise InvalidRequestError(name, "must not contain a NUL character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidRequestError(name, "must not contain a lone surrogate")
    return text


def of_length(name: str, text: str, bounds: Bounds) -> str:
    """The text, where its length in code points is inside the bounds.

    Raises InvalidRequestError.
    """
    if not bounds.hold(len(text)):
        raise InvalidRequestError(name, f"must be {bounds} characters long")
    return text
