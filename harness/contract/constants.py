"""Hypothesis draws now and then a constant of the source files that are loaded and not installed.

Which those are differs between a checkout and a wheel, and with what else a pytest run imports: then one seed
would not ask the same questions everywhere. So while the suite draws, there are none.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants


@contextmanager
def without_local_constants() -> Iterator[None]:
    """No constant but Hypothesis's own is drawn within this context."""
    found = providers._get_local_constants  # noqa: SLF001 - there is no setting for it
    providers._get_local_constants = Constants  # noqa: SLF001
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = found  # noqa: SLF001
        providers.CONSTANTS_CACHE.cache.clear()
