"""Reads a checklist once; a mistake is named with file, line, column and what was probably meant."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from checklists import fields as read
from checklists.fields import Fields
from checklists.idle_keys import with_defaults
from checklists.item_keys import read_item
from checklists.model import Checklist, Item, Phase, PhaseName
from checklists.ordering import check_needs
from harness.documents import Mapping, Node, Sequence, read_document
from harness.requirements import read_requirements

_TOP = ("launch", "folder", "rollback", "defaults", "phases")
_DEFAULTS = ("timeout", "retries", "severity", "owner", "eventually")


def load_checklist(path: Path) -> Checklist:
    """Raises DocumentError."""
    root = read.mapping(read_document(path))
    root.only(_TOP, what="key of a checklist")
    fields = Fields(root)
    folder = (path.absolute().parent / fields.text("folder", ".")).resolve()
    if not folder.is_dir():
        raise root.entries["folder"].place.error(
            f"{folder.name!r} is not a folder", hint="give a path relative to this file"
        )
    defaults = _defaults(root.get("defaults"))
    known = frozenset(requirement.id for requirement in read_requirements())
    reader = _Reader(folder, defaults, known)
    phases = read.mapping(root.require("phases"), "phases by name")
    phases.only([name.value for name in PhaseName], what="phase")
    if not phases.entries:
        raise phases.place.error("there are no phases", hint="add one of: " + ", ".join(PhaseName))
    rollback = folder / fields.text("rollback") if "rollback" in fields else None
    if rollback is not None and not rollback.is_file():
        raise root.entries["rollback"].place.error(
            f"there is no {fields.text('rollback')} in {folder.name}/",
            hint="write the plan, or correct the path",
        )
    return Checklist(
        launch=fields.text("launch", "launch"),
        path=path,
        folder=folder,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        phases=tuple(reader.phase(PhaseName(name), node) for name, node in phases.entries.items()),
        rollback=rollback,
    )


def _defaults(node: Node | None) -> dict[str, Node]:
    if node is None:
        return {}
    mapping = read.mapping(node)
    mapping.only(_DEFAULTS, what="default")
    if "retries" in mapping and "eventually" in mapping:
        raise mapping.key_places["retries"].error(
            "'retries' does nothing beside 'eventually'", hint="keep one of them"
        )
    return mapping.entries


@dataclass(frozen=True, slots=True)
class _Reader:
    folder: Path
    defaults: dict[str, Node]
    requirements: frozenset[str]

    def phase(self, name: PhaseName, node: Node) -> Phase:
        sections = read.mapping(node, "sections, each with a list of items")
        found: dict[str, Item] = {}
        for section, listed in sections.entries.items():
            for title, mapping in _titled(section, listed):
                item = self._item(name, section, title, mapping)
                if item.id in found:
                    first = found[item.id].place
                    raise mapping.place.error(
                        f"{title!r} has the id {item.id}, as has the item at line {first.line}",
                        hint="give one of them another title",
                    )
                found[item.id] = item
        if not found:
            raise node.place.error(f"the phase {name} has no items", hint="add one, or leave the phase out")
        phase = Phase(name, tuple(found.values()))
        check_needs(phase.items, ordered=phase.ordered)
        return phase

    def _item(self, phase: PhaseName, section: str, title: str, mapping: Mapping) -> Item:
        slug = slugify(title)
        if not slug:
            raise mapping.place.error(f"the title {title!r} has neither letter nor digit")
        return read_item(
            with_defaults(mapping, self.defaults),
            identity=f"{phase}/{slug}",
            title=title,
            section=section,
            folder=self.folder,
            known_requirements=self.requirements,
        )


def _titled(section: str, node: Node) -> list[tuple[str, Mapping]]:
    if not isinstance(node, Sequence):
        raise node.place.error(
            f"the section {section!r} must be a list of items", hint="begin each with a dash"
        )
    if not node.items:
        raise node.place.error(f"the section {section!r} has no items", hint="add one, or leave it out")
    return [_title(item) for item in node.items]


def _title(node: Node) -> tuple[str, Mapping]:
    hint = "write `- Title:` and indent its keys below it"
    if not isinstance(node, Mapping):
        raise node.place.error("an item is a title with a probe", hint=hint)
    title, body = next(iter(node.entries.items()), ("", None))
    if len(node.entries) != 1 or body is None:
        raise node.place.error("an item is one title, with its keys below it", hint=hint)
    if not isinstance(body, Mapping):
        raise body.place.error(f"the item {title!r} has no keys", hint=hint)
    return title, body


def slugify(title: str) -> str:
    """Lower-case ASCII letters and digits, joined by single dashes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
