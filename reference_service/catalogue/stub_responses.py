"""What the stub vendor server answers, as bytes; pure."""

import re
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus

from reference_service.catalogue.behaviour import Behaviour, answer, behaviour_of
from reference_service.catalogue.draws import stream

_PATH = re.compile(r"/vendors/(\d{1,9})(?:(/logo\.svg)|(/health)(?:/hop/(\d{1,3}))?)?")
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" '
    'fill="hsl({hue} 55% 45%)"/><circle cx="32" cy="32" r="14" fill="#fff" fill-opacity=".85"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Reply:
    """Send `content` after `seconds`."""

    seconds: float
    content: bytes


@dataclass(slots=True)
class StubVendors:
    """The vendors of a seed; each one's n-th answer is always the same."""

    seed: int
    _asked: Counter[int] = field(default_factory=Counter)
    _behaviours: dict[int, Behaviour] = field(default_factory=dict)

    def reply(self, path: str) -> Reply:
        found = _PATH.fullmatch(path.partition("?")[0])
        if found is None:
            return Reply(0, _response(404, "text/plain", "no such vendor\n"))
        vendor_id = int(found[1])
        if found[2]:
            return Reply(0, _response(200, "image/svg+xml", _LOGO.format(hue=vendor_id * 47 % 360)))
        if not found[3]:
            return Reply(
                0, _response(200, "text/html", f"<!doctype html><title>Vendor {vendor_id}</title>\n")
            )
        return self._health(vendor_id, int(found[4] or 0))

    def _health(self, vendor_id: int, hop: int) -> Reply:
        kind = self._behaviours.setdefault(vendor_id, behaviour_of(self.seed, vendor_id))
        self._asked[vendor_id] += 1
        given = answer(kind, hop, stream(self.seed, vendor_id, self._asked[vendor_id]))
        if given.next_hop is not None:
            location = f"Location: /vendors/{vendor_id}/health/hop/{given.next_hop}\r\n"
            return Reply(given.seconds, _response(given.status_code, "text/plain", "", location))
        word = "ok" if given.status_code == HTTPStatus.OK else "failing"
        content = f'{{"status":"{word}","vendor":{vendor_id}}}\n'
        return Reply(given.seconds, _response(given.status_code, "application/json", content))


def _response(code: int, content_type: str, body: str, headers: str = "") -> bytes:
    content = body.encode()
    head = (
        f"HTTP/1.1 {code} {HTTPStatus(code).phrase}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(content)}\r\n{headers}\r\n"
    )
    return head.encode("ascii") + content
