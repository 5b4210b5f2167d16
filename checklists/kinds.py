"""What a kind of probe is to the loader: its key, what it reads, and what its answers can be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checklists.fields import Fields
from checklists.language import Vocabulary
from checklists.model import Probe
from harness.documents import Node


@dataclass(frozen=True, slots=True)
class Reading:
    """The item as written: `node` is what stands at the kind's key, `fields` the whole item."""

    node: Node
    fields: Fields
    folder: Path


@dataclass(frozen=True, slots=True)
class Kind:
    """`siblings` are keys of the item that belong to this kind; without a vocabulary nothing is expected.

    `idle` are common keys that would do nothing here; `measures` says which word a sibling is for.
    """

    key: str
    read: Callable[[Reading], Probe]
    vocabulary: Vocabulary | None
    siblings: tuple[str, ...] = ()
    timeout: float = 30.0
    idle: tuple[str, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
