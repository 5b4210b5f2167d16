"""The OpenAPI document as a judge of answers."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import httpx
import jsonschema
import yaml

_ERROR = {"$ref": "#/components/schemas/Error"}


def assert_as_described(response: httpx.Response) -> None:
    """The answer has the status, headers and body that the document gives its path and method."""
    response.read()
    described = _described(response.request.method, response.request.url.path, response.status_code)
    if described is None:
        assert response.status_code in (404, 405, 429, 200), "an answer that the document does not know"
        if response.status_code != 200 and response.request.method != "HEAD":
            _validate(response.json(), _ERROR)
        return
    for name, header in described.get("headers", {}).items():
        assert name in response.headers, f"{name} is missing"
        _validate(_value(response.headers[name], _resolved(header)["schema"]), _resolved(header)["schema"])
    if response.status_code == 304 or response.request.method == "HEAD":
        assert response.content == b""
        return
    media_type = response.headers["Content-Type"].partition(";")[0]
    schema = described["content"][media_type]["schema"]
    if media_type == "application/json":
        _validate(response.json(), schema)


HOOKS = {"response": [assert_as_described]}
"""For a client whose every answer is judged."""


def _described(method: str, path: str, status: int) -> Mapping[str, Any] | None:
    operations = next((item for template, item in _paths() if template.fullmatch(path)), {})
    operation = operations.get("get" if method == "HEAD" else method.lower())
    if operation is None:
        return None
    return _resolved(operation["responses"][str(status)])


@cache
def _document() -> dict[str, Any]:
    text = (files("reference_service") / "openapi.yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


@cache
def _paths() -> list[tuple[re.Pattern[str], Mapping[str, Any]]]:
    """Templates without a parameter first: they win."""
    paths = sorted(_document()["paths"].items(), key=lambda item: "{" in item[0])
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item) for path, item in paths]


def _resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Any = _document()
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    found: Mapping[str, Any] = target
    return found


def _validate(value: object, schema: Mapping[str, Any]) -> None:
    whole = {**schema, "components": _document()["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


def _value(text: str, schema: Mapping[str, Any]) -> object:
    return json.loads(text) if schema["type"] == "integer" else text
