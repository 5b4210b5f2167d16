"""Snowball's English stemmer (Porter2), written from its published description: step by step."""

VOWELS = "aeiouy"
DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
LI_ENDINGS = "cdeghkmnrt"
EXCEPTIONS = {
    "skis": "ski",
    "skies": "sky",
    "idly": "idl",
    "gently": "gentl",
    "ugly": "ugli",
    "early": "earli",
    "only": "onli",
    "singly": "singl",
} | dict.fromkeys(("sky", "news", "howe", "atlas", "cosmos", "bias", "andes"))
AFTER_1A = ("inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed")
STEP_2 = (
    ("ization", "ize"), ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"),
    ("tional", "tion"), ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"),
    ("alism", "al"), ("aliti", "al"), ("ousli", "ous"), ("iviti", "ive"), ("fulli", "ful"),
    ("enci", "ence"), ("anci", "ance"), ("abli", "able"), ("izer", "ize"), ("ator", "ate"),
    ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
)  # fmt: skip
STEP_3 = (
    ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"),
    ("ative", ""), ("ical", "ic"), ("ness", ""), ("ful", ""),
)  # fmt: skip
STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize",
    "ion", "al", "er", "ic",
)  # fmt: skip


def stem(word: str) -> str:
    """The stem of a lower-case word."""
    if len(word) <= 2:
        return word
    if word in EXCEPTIONS:
        return EXCEPTIONS[word] or word
    word = _mark_consonant_y(word)
    r1, r2 = _regions(word)
    word = _step_1a(word)
    if word in AFTER_1A:
        return word
    for step in (_step_1b, _step_1c, _step_2, _step_3, _step_4, _step_5):
        word = step(word, r1, r2)
    return word.lower()


def _mark_consonant_y(word: str) -> str:
    letters = list(word)
    for index, letter in enumerate(letters):
        if letter == "y" and (index == 0 or letters[index - 1] in VOWELS):
            letters[index] = "Y"
    return "".join(letters)


def _regions(word: str) -> tuple[int, int]:
    prefixes = ("gener", "commun", "arsen")
    r1 = next((len(prefix) for prefix in prefixes if word.startswith(prefix)), None)
    if r1 is None:
        r1 = _after_vowel_consonant(word, 0)
    return r1, _after_vowel_consonant(word, r1)


def _after_vowel_consonant(word: str, start: int) -> int:
    for index in range(start + 1, len(word)):
        if word[index] not in VOWELS and word[index - 1] in VOWELS:
            return index + 1
    return len(word)


def _has_vowel(part: str) -> bool:
    return any(letter in VOWELS for letter in part)


def _ends_short_syllable(word: str) -> bool:
    if len(word) == 2:
        return word[0] in VOWELS and word[1] not in VOWELS
    return (
        len(word) > 2
        and word[-3] not in VOWELS
        and word[-2] in VOWELS
        and word[-1] not in VOWELS
        and word[-1] not in "wxY"
    )


def _step_1a(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _has_vowel(word[:-2]):
        return word[:-1]
    return word


def _step_1b(word: str, r1: int, r2: int) -> str:
    for suffix in ("eedly", "eed"):
        if word.endswith(suffix):
            return word[: -len(suffix)] + "ee" if len(word) - len(suffix) >= r1 else word
    for suffix in ("ingly", "edly", "ing", "ed"):
        if word.endswith(suffix):
            return _after_removal(word, word[: -len(suffix)], suffix, r1)
    return word


def _after_removal(word: str, base: str, suffix: str, r1: int) -> str:
    if suffix == "ing" and len(base) == 2 and base[1] in "yY" and base[0] not in VOWELS:
        return base[0] + "ie"  # dying → die
    if not _has_vowel(base):
        return word
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if base.endswith(DOUBLES):
        return base if len(base) == 3 and base[0] in "aeo" else base[:-1]
    if r1 >= len(base) and _ends_short_syllable(base):
        return base + "e"
    return base


def _step_1c(word: str, r1: int, r2: int) -> str:
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in VOWELS:
        return word[:-1] + "i"
    return word


def _step_2(word: str, r1: int, r2: int) -> str:
    for suffix, replacement in STEP_2:
        if not word.endswith(suffix):
            continue
        base = word[: -len(suffix)]
        if len(base) < r1:
            return word
        if suffix == "ogi" and not base.endswith("l"):
            return word
        if suffix == "li" and base[-1:] not in LI_ENDINGS:
            return word
        return base + replacement
    return word


def _step_3(word: str, r1: int, r2: int) -> str:
    for suffix, replacement in STEP_3:
        if word.endswith(suffix):
            base = word[: -len(suffix)]
            reached = r2 if suffix == "ative" else r1
            return base + replacement if len(base) >= reached else word
    return word


def _step_4(word: str, r1: int, r2: int) -> str:
    for suffix in STEP_4:
        if not word.endswith(suffix):
            continue
        base = word[: -len(suffix)]
        if len(base) < r2 or (suffix == "ion" and base[-1:] not in ("s", "t")):
            return word
        return base
    return word


def _step_5(word: str, r1: int, r2: int) -> str:
    base = word[:-1]
    if word.endswith("e") and (len(base) >= r2 or (len(base) >= r1 and not _ends_short_syllable(base))):
        return base
    if word.endswith("l") and len(base) >= r2 and base.endswith("l"):
        return base
    return word
