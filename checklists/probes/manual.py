"""manual: what only a person can say; open until someone in the role has signed."""

from dataclasses import dataclass

from checklists import fields as read
from checklists.kinds import Kind, Reading
from checklists.model import Context, NoAnswer
from harness.evidence import Status
from harness.target import Target


@dataclass(frozen=True, slots=True)
class ManualProbe:
    """`valid_for`: seconds that a sign-off holds; 0 is as long as the release."""

    statement: str
    role: str
    valid_for: float = 0.0

    def asked(self, target: Target) -> str:  # noqa: ARG002  the same of every target
        return self.statement

    def ask(self, context: Context) -> NoAnswer:  # noqa: ARG002  nothing is asked of the target
        return NoAnswer(
            Status.PENDING, f"{self.role} has not signed: {self.statement}", f"a sign-off by {self.role}"
        )


def _read(reading: Reading) -> ManualProbe:
    return ManualProbe(
        statement=read.text(reading.node),
        role=reading.fields.text("role"),
        valid_for=reading.fields.duration("valid_for", 0.0),
    )


KIND = Kind(
    key="manual",
    read=_read,
    vocabulary=None,
    siblings=("role", "valid_for"),
    idle=("retries", "eventually", "hold", "timeout"),  # a person is not asked again, and has time
)
