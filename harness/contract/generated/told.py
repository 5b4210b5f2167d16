"""What the suite and the process that draws requests tell each other, one line of JSON at a time."""

import msgspec

ASK = "ask"  # a line from the child: it wants to send a request, and waits for a line


class Document(msgspec.Struct, frozen=True):
    """An OpenAPI document; `examples` is how many requests are drawn for each operation and phase.

    `other_methods`, in small letters, are tried on its paths though it does not name them.
    """

    name: str
    path: str
    examples: int
    other_methods: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """`identity` is a ClientIdentity; a client sends at most `per_client` requests as one.

    What is drawn is bounded by its examples; `seconds` only end a document that a target never gets through.
    """

    base_url: str
    seed: int
    identity: str
    per_client: int
    seconds: float
    documents: tuple[Document, ...]
    headers: dict[str, str] = {}


class Finding(msgspec.Struct, frozen=True, tag="finding"):
    """One answer that is not as documented, or none at all."""

    document: str
    operation: str
    check: str
    message: str
    status: int | None = None
    answer: str = ""
    curl: str = ""


class Summary(msgspec.Struct, frozen=True, tag="summary"):
    """The end, all of it by document; `answers` to each operation by status."""

    answers: dict[str, dict[str, dict[int, int]]]
    errors: dict[str, list[str]]
    cut_short: tuple[str, ...] = ()
