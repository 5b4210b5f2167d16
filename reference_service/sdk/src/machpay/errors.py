"""What can go wrong, as one tree: catch `MachPayError` for everything."""

from __future__ import annotations


class MachPayError(Exception):
    """Whatever went wrong with a call.

    `status` is the HTTP status, `code` the service's error code, each None where no such answer was had;
    `request_id` is what the service's log calls the request, None where nothing was sent.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id

    def __str__(self) -> str:
        known = (("status", self.status), ("code", self.code), ("request", self.request_id))
        told = ", ".join(f"{name} {value}" for name, value in known if value is not None)
        return f"{self.message} ({told})" if told else self.message


class InvalidError(MachPayError):
    """An argument is wrong: found before anything was sent (no status), or refused by the service (4xx)."""


class NotFoundError(MachPayError):
    """There is no such vendor (404)."""


class RateLimitedError(MachPayError):
    """The window is full (429); ask again after `retry_after` seconds, None where the service did not say."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, status=status, code=code, request_id=request_id)
        self.retry_after = retry_after


class UnavailableError(MachPayError):
    """The service cannot be reached, breaks the connection, or answers with a 5xx."""


class RequestTimeoutError(MachPayError):
    """The call's total time was over before there was an answer."""


class ProtocolError(MachPayError):
    """The answer is not what the API promises: truncated, no JSON, a field missing or of another type."""
