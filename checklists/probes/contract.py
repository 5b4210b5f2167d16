"""contract: what the contract suite found about some requirements, or about everything."""

import fnmatch
from collections import Counter
from dataclasses import dataclass

from checklists import fields as read
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.records import contract_entries
from checklists.units import Unit
from harness.documents import Node, Scalar, suggestion
from harness.evidence import Status
from harness.journal import Entry
from harness.requirements import read_requirements
from harness.target import Target

_ASIDE = frozenset({Status.NOT_APPLICABLE, Status.SKIPPED})


@dataclass(frozen=True, slots=True)
class ContractProbe:
    """The tests that speak for any of `requirements` or whose id matches `tests`; all without either."""

    requirements: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        about = ", ".join((*self.requirements, *self.tests))
        return f"the contract suite's results about {about or 'everything'}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        settle = "launchkit contract --target FILE"
        entries = contract_entries(context.run_folder, context.target)
        if not entries:
            return NoAnswer(Status.ERROR, "no contract results for this release and target", settle)
        chosen = [entry for entry in entries if self._chooses(entry)]
        if all(entry.status in _ASIDE for entry in chosen):
            return NoAnswer(Status.ERROR, f"no contract test ran for {self.asked(context.target)}", settle)
        if all(_class(entry) in ("aside", "undecided") for entry in chosen):
            return NoAnswer(Status.ERROR, f"no contract test decided: {self.asked(context.target)}", settle)
        proved = {name for entry in chosen if entry.status.held for name in entry.requirements}
        counts = Counter(_class(entry) for entry in chosen)
        facts = Facts(
            words={
                "passed": (counts["passed"],),
                "failed": (counts["failed"],),
                "undecided": (counts["undecided"],),
                "expected": (sum(entry.status is Status.EXPECTED for entry in chosen),),
                "missing": (len(set(self.requirements) - proved),),
            }
        )
        lines = [f"{entry.status:14} {entry.id}" for entry in chosen]
        return Answer(facts, output="\n".join(lines).encode(), details=dict(counts))

    def _chooses(self, entry: Entry) -> bool:
        if not self.requirements and not self.tests:
            return True
        return bool(set(self.requirements) & set(entry.requirements)) or any(
            fnmatch.fnmatchcase(entry.id, pattern) for pattern in self.tests
        )


def _class(entry: Entry) -> str:
    if entry.status in (Status.PASS, Status.WARNING):
        return "passed"
    if entry.status.failed:
        return "failed"
    return "aside" if entry.status in _ASIDE or entry.status is Status.EXPECTED else "undecided"


def _read(reading: Reading) -> ContractProbe:
    node = reading.node
    if isinstance(node, Scalar):
        if read.text(node) != "all":
            raise node.place.error(
                f"{node.text!r} cannot be read", hint="write all, or {requirements: [API-01]}"
            )
        return ContractProbe()
    mapping = read.mapping(node)
    mapping.only(("requirements", "tests"), what="key of a contract probe")
    fields = read.Fields(mapping)
    if not mapping.entries:
        raise node.place.error("chooses nothing", hint="write all, or {requirements: [API-01]}")
    if "requirements" in fields:
        _check_known(mapping.entries["requirements"])
    return ContractProbe(fields.texts("requirements"), fields.texts("tests"))


def _check_known(node: Node) -> None:
    known = [requirement.id for requirement in read_requirements()]
    for item in read.items(node):
        if read.text(item) not in known:
            hint = suggestion(read.text(item), known)
            near = hint if hint.startswith("did you mean") else "see `launchkit requirements`"
            raise item.place.error(f"{read.text(item)!r} is not a requirement", hint=near)


KIND = Kind(
    key="contract",
    read=_read,
    vocabulary=Vocabulary(
        words=dict.fromkeys(("passed", "failed", "undecided", "expected", "missing"), Unit.NUMBER)
    ),
    idle=("hold",),  # what it reads is written once
)
