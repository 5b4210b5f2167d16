"""`/docs`: the OpenAPI document as one page of HTML, without scripts and without anything from elsewhere."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

import falcon
import yaml

Node = Mapping[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1b1b;"
    "background:#fff}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.3rem .6rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}code{background:#f0f0f0;"
    "padding:0 .2rem}h2{border-top:2px solid #1b1b1b;padding-top:1rem}a{color:#0b5394}"
    "@media(prefers-color-scheme:dark){body{background:#161616;color:#eee}code{background:#333}a{color:#8ab4f8}"
    "h2{border-color:#eee}}"
)
_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'"
)


class DocumentationResource:
    endpoint = "docs"

    def __init__(self) -> None:
        text = (files("reference_service") / "openapi.yaml").read_text("utf-8")
        self._page = render(yaml.safe_load(text)).encode()

    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        response.content_type = "text/html; charset=utf-8"
        response.set_header("Content-Security-Policy", _POLICY)
        response.data = self._page


def render(document: Node) -> str:
    """The page; every text of the document is escaped."""
    return "".join(_page(document))


def _page(document: Node) -> Iterator[str]:
    title = escape(str(document["info"]["title"]))
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    yield f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><main>'
    yield f"<h1>{title} {escape(str(document['info']['version']))}</h1>"
    yield _prose(document["info"].get("description", ""))
    yield '<p>For machines: <a href="/openapi.yaml">openapi.yaml</a></p>'
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield from _operation(document, method.upper(), path, item, item[method])
    yield "<h2>Types</h2>"
    for name, schema in document["components"]["schemas"].items():
        yield f'<h3 id="{_anchor(name)}">{escape(name)}</h3>{_prose(schema.get("description", ""))}'
        yield from _fields(schema)
    yield "</main></html>"


def _operation(document: Node, method: str, path: str, item: Node, operation: Node) -> Iterator[str]:
    yield f"<h2><code>{method} {escape(path)}</code></h2>"
    yield _prose(operation.get("summary", "")) + _prose(operation.get("description", ""))
    parameters = [
        _resolved(document, one) for one in [*item.get("parameters", ()), *operation.get("parameters", ())]
    ]
    if parameters:
        yield from _table(
            ("parameter", "in", "type", "meaning"),
            (
                (
                    _code(one["name"]),
                    escape(one["in"]),
                    _type(one["schema"]),
                    _note(one, bool(one.get("required"))),
                )
                for one in parameters
            ),
        )
    if "requestBody" in operation:
        yield f"<p>Body: {_content(_resolved(document, operation['requestBody']))}</p>"
    yield from _table(
        ("status", "meaning", "body"),
        (
            (_code(status), _inline(answer.get("description", "")), _content(answer))
            for status, answer in (
                (status, _resolved(document, node)) for status, node in operation["responses"].items()
            )
        ),
    )


def _fields(schema: Node) -> Iterator[str]:
    if "properties" not in schema:
        yield f"<p>{_type(schema)}</p>"
        return
    required = schema.get("required", ())
    yield from _table(
        ("field", "type", "meaning"),
        (
            (_code(name), _type(field), _note(field, name in required))
            for name, field in schema["properties"].items()
        ),
    )


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """`rows` are HTML already."""
    yield (
        "<table><thead><tr>"
        + "".join(f'<th scope="col">{head}</th>' for head in heads)
        + "</tr></thead><tbody>"
    )
    for row in rows:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"


def _content(node: Node) -> str:
    return ", ".join(
        f"{_code(media)} {_type(body.get('schema', {}))}" for media, body in node.get("content", {}).items()
    )


def _type(schema: Node) -> str:
    """What a value is, and its bounds."""
    if reference := schema.get("$ref"):
        name = str(reference).rpartition("/")[2]
        return f'<a href="#{_anchor(name)}">{escape(name)}</a>'
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    kinds = schema.get("type", "any")
    said = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    details = [
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in schema.items()
        if name in _SHOWN
    ]
    return escape(", ".join([said, *details]))


_SHOWN = (
    "format",
    "enum",
    "const",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "maxItems",
    "pattern",
)


def _note(node: Node, required: bool) -> str:
    return ("required. " if required else "") + _inline(node.get("description", ""))


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in text.strip().split("\n\n") if part)


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _code(text: object) -> str:
    return f"<code>{escape(str(text))}</code>"


def _anchor(name: str) -> str:
    return "type-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _resolved(document: Node, node: Node) -> Node:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    found: Node = target
    return found
