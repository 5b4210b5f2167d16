"""Request bodies: JSON by their content type, and no larger than a mebibyte."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

import falcon

from reference_service.domain.errors import (
    InvalidRequestError,
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
    """Reads bodies, on no more of the server's threads at a time than `at_once`, half of them for one client.

    The server gives a body no deadline, and a read of one that does not come cannot be given up: without a
    bound, clients that never send theirs would hold every thread, and nothing at all would be answered.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._of_one = max(1, at_once // 2)
        self._awaited: Counter[str] = Counter()
        self._changed = Condition()

    def read_json(self, request: falcon.Request, client: str) -> bytes:
        """The body's bytes.

        Raises UnsupportedMediaTypeError, PayloadTooLargeError, InvalidRequestError where it breaks off, and
        UnavailableError where too many are awaited.
        """
        _check_type(request)
        with self._turn(client):
            return _read(request)

    @contextmanager
    def _turn(self, client: str) -> Iterator[None]:
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_free(client), _TURN_SECONDS):
                raise UnavailableError("too many bodies are awaited; try again")
            self._awaited[client] += 1
        try:
            yield
        finally:
            with self._changed:
                self._awaited -= Counter([client])
                self._changed.notify_all()

    def _is_free(self, client: str) -> bool:
        return self._awaited.total() < self._at_once and self._awaited[client] < self._of_one


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
    if size < (request.content_length or 0):
        raise InvalidRequestError("body", "breaks off before its Content-Length")
    return bytes(body)


def _check_type(request: falcon.Request) -> None:
    media_type, parameters = falcon.parse_header(request.content_type or "")
    charset = parameters.get("charset", "utf-8").lower()
    if media_type.lower() != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaTypeError("the content type must be application/json, in UTF-8")
    if (request.get_header("Content-Encoding") or "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("the body must not be compressed")
