"""Answers that may be cached: the bytes, their ETag, and 304 where the caller has them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import falcon
import msgspec

from reference_service.api.exchange import exchange_of
from reference_service.cache.answers import AnswerCache

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encoded(document: msgspec.Struct) -> bytes:
    return _ENCODER.encode(document)


@dataclass(frozen=True, slots=True)
class Answering:
    """Writes answers from the cache, which computes what it does not have."""

    cache: AnswerCache

    def cached(
        self,
        request: falcon.Request,
        response: falcon.Response,
        kind: str,
        parameters: object,
        seconds: int,
        compute: Callable[[], msgspec.Struct],
    ) -> bytes:
        """Answer with the bytes that are kept for these parameters."""
        generation = exchange_of(request).generation
        body = self.cache.answer(generation, kind, parameters, seconds, lambda: encoded(compute()))
        write(request, response, body)
        return body


def write(request: falcon.Request, response: falcon.Response, body: bytes) -> None:
    """Answer a GET with JSON: 304 where `If-None-Match` names these very bytes."""
    response.content_type = falcon.MEDIA_JSON
    if request.method != "GET":
        response.set_header("Cache-Control", "no-store")
        response.data = body
        return
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    response.set_header("ETag", tag)
    response.set_header("Cache-Control", "public, no-cache")
    if _names(request.get_header("If-None-Match"), tag):
        response.status = falcon.HTTP_304
        return
    response.data = body


def _names(if_none_match: str | None, tag: str) -> bool:
    """Weak comparison, as RFC 9110 asks of If-None-Match."""
    if if_none_match is None:
        return False
    candidates = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return tag in candidates or candidates == ["*"]
