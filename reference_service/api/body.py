"""Request bodies: JSON by their content type, and no larger than a mebibyte."""

from email.message import Message

import falcon

from reference_service.domain.errors import PayloadTooLargeError, UnsupportedMediaTypeError

LARGEST_BODY = 2**20
# What is refused for its size is still read this far, so that the caller gets to see the answer.
_READ_ON = 64 * 2**20
_CHUNK = 64 * 2**10


def read_json_bytes(request: falcon.Request) -> bytes:
    """The body's bytes.

    Raises UnsupportedMediaTypeError, PayloadTooLargeError.
    """
    _check_type(request)
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
