"""People and roles, by name."""

import re
import unicodedata

# What is not seen, beside the characters of Unicode's category Cf: joiners, fillers, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def same_person(one: str, other: str) -> bool:
    """Whether two names are one, however they are typed."""
    return plain_name(one) == plain_name(other)


def plain_name(name: str) -> str:
    """What is seen of a name, in one way of writing it; empty where nothing is."""
    seen = "".join(
        sign
        for sign in _UNSEEN.sub("", name)
        if unicodedata.category(sign) not in ("Cf", "Cc") or sign.isspace()
    )
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", " ".join(seen.split())).casefold())
