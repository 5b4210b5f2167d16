"""What can go wrong for a caller; the API alone knows which status each has."""

from typing import ClassVar


class ServiceError(Exception):
    """The root; `code` is the wire's error code and `str()` its message."""

    code: ClassVar[str] = "internal_error"


class InvalidRequestError(ServiceError):
    """A parameter or a body field is not acceptable; the message names it."""

    code = "invalid_request"

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name} {problem}")


class NotFoundError(ServiceError):
    code = "not_found"


class MethodNotAllowedError(ServiceError):
    code = "method_not_allowed"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__(f"allowed here: {', '.join(allowed)}")


class UnsupportedMediaTypeError(ServiceError):
    code = "unsupported_media_type"


class PayloadTooLargeError(ServiceError):
    code = "payload_too_large"


class RateLimitedError(ServiceError):
    """`retry_after` is in whole seconds."""

    code = "rate_limited"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"too many requests; try again in {retry_after} s")


class UnavailableError(ServiceError):
    """A dependency that the answer needs does not answer."""

    code = "unavailable"
