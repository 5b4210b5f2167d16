"""People and roles, by name."""

import unicodedata


def same_person(one: str, other: str) -> bool:
    """Whether two names are one, however they are typed."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
