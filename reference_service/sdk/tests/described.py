"""What openapi.yaml says, resolved."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
)


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node that a `$ref` stands for, or the node itself."""
    while "$ref" in node:
        found: Any = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][name]
    return found


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of the marketplace's endpoints."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if "marketplace" in operation["tags"]:
                yield path, method, operation


def parameter(operation_id: str, name: str) -> dict[str, Any]:
    """The schema of a parameter."""
    for _, _, operation in operations():
        if operation["operationId"] == operation_id:
            for each in map(resolved, operation["parameters"]):
                if each["name"] == name:
                    return resolved(each["schema"])
    raise LookupError(f"{operation_id} has no {name}")


def example(node: dict[str, Any]) -> Any:
    """A value of that schema with every property that it has."""
    node = resolved(node)
    kind = node.get("type")
    if kind == "object":
        return {name: example(each) for name, each in node["properties"].items()}
    if kind == "array":
        return [example(node["items"])]
    if "enum" in node:
        return node["enum"][0]
    if node.get("format") == "date-time":
        return "2026-03-04T05:06:07.891Z"
    if kind == "string":
        return "1.500000" if "pattern" in node else "text"
    return {"integer": 1, "number": 1.5, "boolean": True}[str(kind)]
