"""evidence: which requirements no contract test, no load run and no item of a checklist speaks for."""

import fnmatch
from dataclasses import dataclass

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.records import contract_entries, load_entries
from checklists.units import Unit
from harness.documents import Node, Scalar
from harness.evidence import Status
from harness.journal import read_about
from harness.requirements import read_requirements
from harness.target import Target


@dataclass(frozen=True, slots=True)
class EvidenceProbe:
    """Of the requirements all but those whose ids match one of `excepted`."""

    excepted: tuple[str, ...] = ()

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        rest = f" but {', '.join(self.excepted)}" if self.excepted else ""
        return f"what speaks for each requirement{rest}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        contract = contract_entries(context.run_folder, context.target)
        load = load_entries(context.run_folder, context.target)
        if not contract and not load:
            reason = "neither contract nor load results for this release and target"
            return NoAnswer(Status.ERROR, reason, "launchkit contract and launchkit load, with --target FILE")
        # What does not apply to the target has looked at nothing.
        seen = {
            name
            for e in (*contract, *load)
            if e.status is not Status.NOT_APPLICABLE
            for name in e.requirements
        }
        plans = read_about(context.run_folder).plans
        planned = {name for plan in plans for item in plan.items for name in item.requirements}
        wanted = [known.id for known in read_requirements() if not self._excepts(known.id)]
        missing = [name for name in wanted if name not in seen | planned]
        return Answer(
            Facts(words={"requirements": (len(wanted),), "missing": (len(missing),)}),
            output="\n".join(missing).encode(),
            details={"missing": missing},
        )

    def _excepts(self, requirement: str) -> bool:
        return any(fnmatch.fnmatchcase(requirement, pattern) for pattern in self.excepted)


def _read(reading: Reading) -> EvidenceProbe:
    node = reading.node
    if isinstance(node, Scalar):
        if read.text(node) != "all":
            raise node.place.error(f"{node.text!r} cannot be read", hint="write all, or {except: [POST-*]}")
        return EvidenceProbe()
    mapping = read.mapping(node)
    mapping.only(("except",), what="key of an evidence probe")
    return EvidenceProbe(tuple(_pattern(item) for item in read.items(mapping.require("except"))))


def _pattern(node: Node) -> str:
    pattern = read.text(node)
    if not any(fnmatch.fnmatchcase(known.id, pattern) for known in read_requirements()):
        raise node.place.error(f"{pattern!r} matches no requirement", hint="see `launchkit requirements`")
    return pattern


KIND = Kind(
    key="evidence",
    read=_read,
    vocabulary=Vocabulary(words=dict.fromkeys(("requirements", "missing"), Unit.NUMBER)),
    idle=("hold",),  # what it reads is written once
)
