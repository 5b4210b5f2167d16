"""Request bodies: JSON by their content type, and no larger than a mebibyte."""

from email.message import Message
from threading import BoundedSemaphore

import falcon

from reference_service.domain.errors import (
    PayloadTooLargeError,
    UnavailableError,
    UnsupportedMediaTypeError,
)

LARGEST_BODY = 2**20
# What is refused for its size is still read this far, so that the caller gets to see the answer.
_READ_ON = 64 * 2**20
_CHUNK = 64 * 2**10
_TURN_SECONDS = 0.05


class Bodies:
    """Reads bodies, on no more of the server's threads at a time than `at_once`.

    The server gives a body no deadline, and a read of one that does not come cannot be given up: without a
    bound, clients that never send theirs would hold every thread, and nothing at all would be answered.
    """

    def __init__(self, at_once: int) -> None:
        self._turns = BoundedSemaphore(at_once)

    def read_json(self, request: falcon.Request) -> bytes:
        """The body's bytes.

        Raises UnsupportedMediaTypeError, PayloadTooLargeError, UnavailableError where too many are awaited.
        """
        _check_type(request)
        if not self._turns.acquire(timeout=_TURN_SECONDS):
            raise UnavailableError("too many bodies are awaited; try again")
        try:
            return _read(request)
        finally:
            self._turns.release()


def _read(request: falcon.Request) -> bytes:
    stream = request.env["wsgi.input"]
    body = bytearray()
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size <= LARGEST_BODY:
            body += chunk
        if size > _READ_ON:
            break
    if size > LARGEST_BODY:
        raise PayloadTooLargeError(f"the body must not be larger than {LARGEST_BODY} bytes")
    return bytes(body)


def _check_type(request: falcon.Request) -> None:
    header = Message()
    header["Content-Type"] = request.content_type or "application/octet-stream"
    charset = header.get_param("charset", "utf-8")
    if header.get_content_type() != "application/json" or str(charset).lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaTypeError("the content type must be application/json, in UTF-8")
    if (request.get_header("Content-Encoding") or "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("the body must not be compressed")
