"""SQL texts from the files beside; their slots are filled from closed tables of ours, never from input."""

from functools import cache
from importlib.resources import files


def statement(name: str, **slots: str) -> bytes:
    """The text of `queries/<name>.sql` with its `{slots}` filled."""
    text = _text(name)
    for slot, value in slots.items():
        text = text.replace("{" + slot + "}", value)
    return text.encode()


def vendor_columns() -> str:
    return statement("vendor_columns").decode().strip()


@cache
def _text(name: str) -> str:
    return (files("reference_service.storage") / "queries" / f"{name}.sql").read_text("utf-8")
