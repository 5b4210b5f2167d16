"""How a function of `calls` becomes a method of a client: its words and parameters, seen by `help`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

_Method = TypeVar("_Method", bound=Callable[..., Any])


def presented(method: _Method, describe: Callable[..., Any], name: str = "") -> _Method:
    """The method, named and documented as the function that says what it asks."""
    signature = inspect.signature(describe)
    client = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    shown: Any = method
    shown.__name__ = shown.__qualname__ = name or describe.__name__
    shown.__doc__ = describe.__doc__
    shown.__signature__ = signature.replace(
        parameters=[client, *signature.parameters.values()], return_annotation=inspect.Signature.empty
    )
    return method
