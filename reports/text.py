"""What was observed, made fit to be shown: bounded, on its own, with nothing in it that acts."""

import hashlib
import json
import re
import unicodedata

from harness.evidence import Json

_ACTING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, format (bidi marks), surrogates, unassigned
_JOINER = "\u200d"  # emoji need it


def shown(text: str, limit: int) -> str:
    """At most `limit` characters and a note of what was cut; acting characters become visible names."""
    cut = text[:limit]
    visible = "".join(_visible(sign) for sign in cut)
    if len(visible) > 2 * limit:
        visible = visible[: 2 * limit]
    return visible if len(text) <= limit else f"{visible}… [cut; {len(text):,} characters in all]"


def line(text: str, limit: int) -> str:
    """As `shown`, on a single line."""
    return " ".join(shown(text, limit).split())


def _visible(sign: str) -> str:
    if sign in "\n\t" or sign == _JOINER:
        return sign
    if unicodedata.category(sign) in _ACTING:
        return f"⟨U+{ord(sign):04X}⟩"
    return sign


def pretty(value: Json, limit: int) -> str:
    """JSON to read, at most about `limit` bytes of UTF-8, with a note of what was cut."""
    whole = json.dumps(value, indent=1, ensure_ascii=False, default=str)
    visible = shown(whole, limit)
    raw = visible.encode("utf-8", "backslashreplace")
    if len(raw) <= limit + 64:
        return visible
    kept = raw[:limit].decode("utf-8", "ignore")
    return f"{kept}… [cut; {len(whole):,} characters in all]"


def anchor(*parts: str) -> str:
    """A stable, unique id for a link into the page: the last part's own name, and a digest of all of it."""
    key = "/".join(parts)
    slug = re.sub(r"[^a-z0-9]+", "-", key.lower().rpartition("/")[2][:80]).strip("-")[:20].strip("-")
    return f"{slug or 'id'}-{hashlib.sha256(key.encode('utf-8', 'backslashreplace')).hexdigest()[:10]}"


def plural(count: int, noun: str, nouns: str = "") -> str:
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def duration(seconds: float) -> str:
    """For people: 0.42 s, 12 s, 2 min 5 s."""
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
