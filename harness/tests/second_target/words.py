"""Natural language matching: which words of a text count, and in which form."""

import re

from harness.tests.second_target.stemming import stem

STOP_WORDS = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves what which who whom this that these those am is
    are was were be been being have has had having do does did doing a an the and but if or because as until
    while of at by for with about against between into through during before after above below to from up
    down in out on off over under again further then once here there when where why how all any both each
    few more most other some such no nor not only own same so than too very s t can will just don should now
    """.split()  # noqa: SIM905 (a list of 127 literals is no easier to read)
)
_WORD = re.compile(r"[^\W_]+")


def lexemes(text: str) -> list[str]:
    """The stems of the words that are not stop words, in order."""
    words = (match[0].lower() for match in _WORD.finditer(text))
    return [_normal(word) for word in words if word not in STOP_WORDS]


def _normal(word: str) -> str:
    return word if any(letter.isdigit() for letter in word) else stem(word)
