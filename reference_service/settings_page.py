"""`python -m reference_service.settings_page`: the page of all settings, from their own definitions."""

from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from reference_service.settings import Settings

_HEAD = """# Settings of the reference service

Each is an environment variable, or a line `NAME=value` of the file given with `--settings FILE`, which wins.
Times are in seconds unless the name says otherwise.

| variable | default | bounds | meaning |
|---|---|---|---|"""
_FOOT = """
This page is written by `python -m reference_service.settings_page > docs/operations/settings.md`."""
_SIGNS = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))


def settings_page() -> str:
    return "\n".join([_HEAD, *_rows(), _FOOT, ""])


def _rows() -> Iterator[str]:
    prefix = Settings.model_config["env_prefix"]
    for name, field in Settings.model_fields.items():
        cells = (f"`{prefix}{name.upper()}`", _default(field), _bounds(field), field.description or "")
        yield f"| {' | '.join(cells)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    value: Any = field.default
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{text}`" if text else "empty"


def _bounds(field: FieldInfo) -> str:
    found = (
        f"{sign} {value}"
        for name, sign in _SIGNS
        for rule in field.metadata
        if (value := getattr(rule, name, None)) is not None
    )
    return ", ".join(found)


if __name__ == "__main__":
    print(settings_page(), end="")
