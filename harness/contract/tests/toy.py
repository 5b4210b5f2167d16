"""A toy target for the suite's own tests: the model over HTTP, with one twist at a time.

It answers good searches, featured, details, health, categories and quick search; nothing else.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from harness.contract.expect import facet_documents
from harness.contract.paths import CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS
from harness.fixtures import shown
from harness.fixtures.dataset import Dataset, Vendor, read_dataset
from harness.fixtures.model import Model
from harness.fixtures.search import Search, Sort

Document: TypeAlias = dict[str, Any]
Twist: TypeAlias = Callable[[str, Document], tuple[int, Any] | None]

_NAMES = {
    "q": "query",
    "query": "query",
    "category": "categories",
    "categories": "categories",
    "tags": "tags",
    "sort": "sort",
    "sortBy": "sort",
    "min_uptime": "min_uptime",
    "minUptime": "min_uptime",
    "min_rating": "min_rating",
    "minRating": "min_rating",
    "max_latency": "max_latency",
    "maxLatency": "max_latency",
    "verified": "verified",
    "verifiedOnly": "verified",
    "limit": "limit",
    "offset": "offset",
}


def straight(path: str, document: Document) -> tuple[int, Any] | None:
    """No twist."""
    return None


@contextmanager
def toy(folder: Path, twist: Twist = straight) -> Iterator[Path]:
    """Serve the data set that is loaded into `folder`; yields the profile's path."""
    folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder / "data.json", twist))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    profile = folder / "target.yaml"
    profile.write_text(
        f"name: toy\nbase_url: http://127.0.0.1:{server.server_port}\n"
        'fixtures: {load: [cp, "{file}", data.json]}\n'
    )
    try:
        yield profile
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(model: Model, path: str, asked: Document) -> tuple[int, Any]:
    """What a right target answers."""
    limit = int(asked.get("limit", 0))
    if path in (VENDORS, SEARCH):
        return 200, search_document(model, _search(asked))
    if path == FEATURED:
        return 200, {"vendors": [shown.result(v) for v in model.featured(limit or 10)]}
    if path == CATEGORIES:
        return 200, {"categories": facet_documents(model.categories())}
    if path == QUICK_SEARCH:
        found = model.quick_search(asked["q"], limit or 5)
        return 200, {"results": [shown.quick_result(v) for v in found]}
    name = unquote(path.removeprefix(VENDORS + "/").removesuffix("/health"))
    vendor = model.find(name) if path.startswith(VENDORS) else None
    if vendor is None:
        return 404, {"error": "not_found", "message": f"no {path}"}
    return 200, model.health(vendor, limit or 24) if path.endswith("/health") else shown.details(vendor)


def search_document(model: Model, search: Search) -> Document:
    found = model.search(search)
    # Any score will do as long as it is kept to: here, names are the more relevant the shorter they are.
    scores = {v.id: 1 / len(v.service_name) for v in found.matching}
    page = found.page
    if not found.ordered:

        def by_score(vendor: Vendor) -> tuple[float, float, int]:
            return -scores[vendor.id], -shown.figures(vendor).rating, vendor.id

        page = tuple(sorted(found.matching, key=by_score))[search.start : search.start + search.page_size]
    extra = {"relevanceScore": None} if search.query else {}
    vendors = [shown.result(v) | dict.fromkeys(extra, scores[v.id]) for v in page]
    return {
        "vendors": vendors,
        "total": found.total,
        "hasMore": found.has_more,
        "categories": facet_documents(found.facets),
    }


def on_the_wire(value: Any) -> Any:
    """The document as JSON writes it: moments as text, what is absent left out."""
    match value:
        case dict():
            return {k: on_the_wire(v) for k, v in value.items() if v is not shown.ABSENT}
        case list():
            return [on_the_wire(item) for item in value]
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value


def _search(asked: Document) -> Search:
    values: Document = {}
    for name, value in asked.items():
        match _NAMES.get(name):
            case "categories" | "tags" as field:
                values[field] = tuple(value if isinstance(value, list) else filter(None, value.split(",")))
            case "sort":
                values["sort"] = Sort(value)
            case "limit" | "offset" | "max_latency" as field:
                values[field] = int(value)
            case "min_uptime" | "min_rating" as field:
                values[field] = float(value)
            case "verified":
                values["verified"] = value in (True, "true")
            case "query":
                values["query"] = value
    return Search(**values)


def _handler(data: Path, twist: Twist) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            self._answer(url.path, dict(parse_qsl(url.query, keep_blank_values=True)))

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            self._answer(self.path, json.loads(self.rfile.read(size) or b"{}"))

        def _answer(self, path: str, asked: Document) -> None:
            status, document = answer(_model(data), path, asked)
            document = on_the_wire(document)
            twisted = twist(path, document) if isinstance(document, dict) else None
            status, document = twisted or (status, document)
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    return Handler


def _model(data: Path) -> Model:
    return _read(data, data.stat().st_mtime_ns) if data.exists() else Model(Dataset(version=1, vendors=()))


@lru_cache(maxsize=8)
def _read(data: Path, changed: int) -> Model:
    return Model(read_dataset(data))
