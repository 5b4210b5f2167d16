"""Is there anything to judge? Asked once, so that a dead target is one line and not 300 failures."""

import time

from harness.contract.client import Client, NoAnswer, Response
from harness.contract.diagnosis import ContractBroken
from harness.contract.paths import BASE, CATEGORIES, FEATURED, VENDORS
from harness.errors import CouldNotDecideError, LaunchkitError, TargetUnreachableError
from harness.exit_codes import ExitCode
from harness.fixtures.dataset import Dataset
from harness.target import Capability, Target

_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5


class EmptyTargetError(CouldNotDecideError):
    """The target holds no vendor."""


class NotTheContractError(LaunchkitError):
    """The target answers, but nothing that resembles the contract."""

    exit_code = ExitCode.FAIL


def look(target: Target, client: Client, *, judged: frozenset[Capability], needs_vendors: bool) -> None:
    """See that the target answers, speaks the contract at all and, where it must, holds a vendor.

    Raises TargetUnreachableError, NotTheContractError or EmptyTargetError.
    """
    reach(target, client)
    if Capability.SEARCH not in judged:
        return
    answers = {path: _member(client, path, key) for path, key in _EXPECTED.items()}
    if all(answer is None for answer in answers.values()):
        response = client.get(VENDORS)
        raise NotTheContractError(
            f"{target.base_url} answers, but nothing of the contract: GET {VENDORS} gave {_told(response)}",
            hint=_hint(target, response),
        )
    if needs_vendors and answers[VENDORS] == [] and answers[CATEGORIES] == []:
        raise EmptyTargetError(
            f"{target.base_url} holds no vendor: there is nothing to judge",
            hint="load some, or give the profile `fixtures`",
        )


def holds(client: Client, dataset: Dataset) -> bool:
    """Whether the target shows any of a few of the data set's vendors."""
    shown = [vendor for vendor in dataset.vendors if vendor.active][:_PROBED]
    return not shown or any(_member(client, f"{VENDORS}/{v.id}", "slug") == v.slug for v in shown)


_PROBED = 5
_EXPECTED = {VENDORS: "vendors", CATEGORIES: "categories", FEATURED: "vendors"}


def reach(target: Target, client: Client, *, attempts: int = _ATTEMPTS) -> None:
    """Raises TargetUnreachableError where the target gives no answer at all."""
    for attempt in range(attempts):
        try:
            client.get("/health/live")
            return
        except NoAnswer as error:
            if attempt == attempts - 1 or "timed out" in error.message:
                reason = error.message.partition("(")[2].rstrip(")") or error.message
                raise TargetUnreachableError(
                    f"{target.base_url} does not answer ({reason})", hint="is the target running?"
                ) from None
            time.sleep(_PAUSE_SECONDS)


def _told(response: Response) -> str:
    if 300 <= response.status < 400:
        return f"HTTP {response.status}, a redirect to {response.headers.get('Location') or 'nowhere'}"
    return response.brief()


def _hint(target: Target, response: Response) -> str:
    if BASE in target.base_url:
        return f"leave {BASE} out of base_url: the suite adds it"
    if response.status in (401, 403) or 300 <= response.status < 400:
        return "does it ask for a login? the profile's `headers` are sent with every request"
    return "is base_url right?"


def _member(client: Client, path: str, key: str) -> object:
    try:
        response = client.get(path)
        document = response.json() if response.status == 200 else None
    except ContractBroken:
        return None
    return document.get(key) if isinstance(document, dict) else None
