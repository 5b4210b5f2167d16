"""How a fault replaces one part of the service: a text in a statement or script, or a name in a module."""

import hashlib
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from reference_service.faults.fault import DoesNotFitError

Install = Callable[[], None]


def sql(query: str, old: str, new: str) -> Install:
    """Put `new` for `old` into the statement `query`."""

    def install() -> None:
        module = import_module("reference_service.storage.statements")
        right: Callable[..., bytes] = module.statement
        _replaced(right(query).decode(), old, new)  # better not to start than to fail every request

        def statement(asked: str, **slots: str) -> bytes:
            text = right(asked, **slots)
            return _replaced(text.decode(), old, new).encode() if asked == query else text

        vars(module)["statement"] = statement

    return install


def script(old: str, new: str) -> Install:
    """Put `new` for `old` into the limiter's script."""

    def install() -> None:
        admissions = import_module("reference_service.cache.admission").Admissions
        _replaced((files("reference_service.cache") / "hit.lua").read_text("utf-8"), old, new)
        right = admissions.__init__

        def start(self: Any, *arguments: object) -> None:
            right(self, *arguments)
            held = vars(self._script)
            held["_text"] = _replaced(held["_text"], old, new)
            held["_sha"] = hashlib.sha1(held["_text"].encode(), usedforsecurity=False).hexdigest()

        admissions.__init__ = start

    return install


def name(place: str, value: object) -> Install:
    """Give the name `module:Class.attribute` another value."""
    return around(place, lambda _: value)


def around(place: str, wrap: Callable[[Any], object]) -> Install:
    """Give the name `module:Class.attribute` a value made from its right one."""

    def install() -> None:
        module, _, path = place.partition(":")
        owner: Any = import_module(f"reference_service.{module}")
        *outer, last = path.split(".")
        for step in outer:
            owner = getattr(owner, step)
        if not hasattr(owner, last):
            raise DoesNotFitError(f"there is no {place} any more")
        setattr(owner, last, wrap(getattr(owner, last)))

    return install


def entry(place: str, key: object, value: object) -> Install:
    """Give one key of the mapping `module:NAME` another value."""

    def changed(right: Mapping[object, object]) -> Mapping[object, object]:
        if key not in right:
            raise DoesNotFitError(f"{place} has no {key!r} any more")
        return MappingProxyType({**right, key: value})

    return around(place, changed)


def first_fit(*installs: Install) -> Install:
    """The first of several spellings of one fault that still fits. Raises DoesNotFitError where none does."""

    def install() -> None:
        for one in installs[:-1]:
            try:
                return one()
            except DoesNotFitError:
                continue
        installs[-1]()
        return None

    return install


def both(*installs: Install) -> Install:
    def install() -> None:
        for one in installs:
            one()

    return install


def _replaced(text: str, old: str, new: str) -> str:
    if old not in text:
        raise DoesNotFitError(f"{old!r} is not there any more")
    return text.replace(old, new)
