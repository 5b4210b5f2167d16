"""Uses a console as a person would, and compares what it shows with what the API itself says."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import httpx

from harness.console_page import ConsolePage, Control, Filter, filled
from harness.errors import CouldNotDecideError

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

_VENDORS = "/v1/marketplace/vendors"
_LARGEST_PAGE = 100
_POLL_MS = 100.0
_PATIENT_POLLS = 5
_TICKED = ("checkbox", "radio", "switch")
_TYPED = ("combobox", "searchbox", "slider", "spinbutton", "textbox")
_TOLD = 3  # names that a difference is told by


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that was tried; `told` says what was wrong, empty where nothing was."""

    name: str
    outcome: Outcome
    told: str = ""

    @classmethod
    def of(cls, name: str, problem: str) -> "Trial":
        return cls(name, Outcome.FAILED if problem else Outcome.PASSED, problem)


@dataclass(frozen=True, slots=True)
class Said:
    """What the API answers: the names of the first vendors in their order, and how many there are."""

    names: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Vendor:
    name: str
    category: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Api:
    """The target's search, and one of its vendors by which it can be searched."""

    client: httpx.Client
    base_url: str

    def search(self, parameters: Mapping[str, str]) -> Said:
        """Raises CouldNotDecideError where it does not answer as an API of the marketplace does."""
        vendors, total = self._ask(parameters)
        return Said(tuple(vendor.name for vendor in vendors), total)

    def facts(self) -> dict[str, str]:
        """A word, a category and a tag that a vendor has. Raises CouldNotDecideError where none has."""
        vendors, _ = self._ask({})
        known = next((vendor for vendor in vendors if vendor.tags and vendor.name), None)
        if known is None:
            raise CouldNotDecideError("no vendor of the target has a tag", hint="load a catalogue into it")
        return {"word": known.name.split()[0], "category": known.category, "tag": known.tags[0]}

    def _ask(self, parameters: Mapping[str, str]) -> tuple[list[_Vendor], int]:
        url = self.base_url + _VENDORS
        try:
            answer = self.client.get(url, params={"limit": _LARGEST_PAGE, **parameters})
            answer.raise_for_status()
            document = answer.json()
            return [_vendor(listed) for listed in document["vendors"]], int(document["total"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise CouldNotDecideError(f"{url} does not say what there is ({error!r})") from None


def _vendor(listed: Mapping[str, Any]) -> _Vendor:
    """Raises KeyError, TypeError."""
    name = " ".join(str(listed["serviceName"]).split())
    return _Vendor(name, str(listed["category"]), tuple(map(str, listed["tags"])))


@dataclass(frozen=True, slots=True)
class Console:
    """An open console; each thing that it should come to, it may take `patience` seconds for."""

    page: "Page"
    url: str
    described: ConsolePage
    api: Api
    patience: float

    def open(self) -> None:
        self.page.goto(self.url, wait_until="load")

    def find(self, control: Control) -> "Locator":
        return control.locate(self.page)

    def titles(self) -> list[str]:
        """The names of the vendors in the document, which may be a part of those that are loaded."""
        titles = self.described.title.locate(self.find(self.described.card))
        return [" ".join(title.split()) for title in titles.all_inner_texts()]

    def until(self, problem: Callable[[], str]) -> str:
        """Ask until there is no problem; the last one where that takes too long."""
        deadline = time.monotonic() + self.patience
        while (told := problem()) and time.monotonic() < deadline:
            self.page.wait_for_timeout(_POLL_MS)
        return told

    def agree(self, said: Said) -> str:
        """Wait until it begins with what the API said; how it differs, empty where it does not."""
        return self.until(lambda: self._difference(said))

    def appears(self, control: Control, otherwise: str) -> str:
        return self.until(lambda: "" if self.find(control).first.is_visible() else otherwise)

    def goes(self, control: Control, otherwise: str) -> str:
        return self.until(lambda: otherwise if self.find(control).first.is_visible() else "")

    def _difference(self, said: Said) -> str:
        shown = self.titles()
        expected = list(said.names[: len(shown)])
        if not shown:
            return f"no vendor is shown, and the API has {said.total}"
        if shown != expected:
            return f"shown are {_first(shown)}, and the API answers {_first(said.names)}"
        told = " / ".join(self.find(self.described.count).all_inner_texts())
        if said.total not in numbers_in(told):
            return f"the API has {said.total} of them, and the console says {told!r}"
        return ""


def filters(console: Console) -> Iterator[Trial]:
    """Each filter alone."""
    everything, facts = console.api.search({}), console.api.facts()
    for each in console.described.filters:
        yield _filter(console, each, everything, facts)


def _filter(console: Console, tried: Filter, everything: Said, facts: Mapping[str, str]) -> Trial:
    from playwright.sync_api import TimeoutError as NotThereError  # noqa: PLC0415  loaded with the browser

    name = tried.parameter
    for given, asked in tried.choices.items():
        given, asked = filled(given, facts), filled(asked, facts)
        said = console.api.search({tried.parameter: asked})
        if said.total > 0 and said != everything:
            break
    else:
        return Trial(name, Outcome.UNDECIDED, "no choice makes a difference to what the API answers")
    console.open()
    if problem := console.agree(everything):
        return Trial(name, Outcome.FAILED, f"before it was used, {problem}")
    try:
        _give(tried.control.locate(console.page, choice=given).first, tried.control, given, console.patience)
    except NotThereError:
        return Trial(name, Outcome.UNDECIDED, f"there is no {tried.control.role} that takes {given!r}")
    return Trial.of(f"{name} {asked}", console.agree(said))


def _give(element: "Locator", control: Control, given: str, patience: float) -> None:
    """Do with a control what its role is for."""
    milliseconds = patience * 1000
    if control.role in _TICKED:
        element.check(timeout=milliseconds)
    elif element.evaluate("it => it.tagName", timeout=milliseconds) == "SELECT":
        element.select_option(label=given, timeout=milliseconds)
    elif control.role in _TYPED:
        element.fill(given, timeout=milliseconds)
        element.press("Enter")
    else:
        element.click(timeout=milliseconds)


def pages(console: Console) -> Iterator[Trial]:
    """One more page after the first."""
    said = console.api.search({})
    console.open()
    if problem := console.agree(said):
        yield Trial("first page", Outcome.FAILED, problem)
        return
    before = _walk(console, said)
    yield Trial.of("first page", before.problem)
    if before.last == said.total:
        yield Trial("next page", Outcome.UNDECIDED, f"all {said.total} vendors are on the first page")
        return
    if problem := console.appears(console.described.more, "nothing loads more"):
        yield Trial("next page", Outcome.UNDECIDED, problem)
        return
    console.find(console.described.more).first.click()
    after = before

    def problem_of_more() -> str:
        nonlocal after
        after = _walk(console, said)
        grown = after.last > before.last
        return after.problem or (
            "" if grown else f"{before.last} vendors were listed, and {after.last} are now"
        )

    yield Trial.of("next page", console.until(problem_of_more))


@dataclass(frozen=True, slots=True)
class _Walk:
    """How many vendors are listed, and what is wrong with their order."""

    last: int
    problem: str


def _walk(console: Console, said: Said) -> _Walk:
    """Scroll from the first vendor to the last, and compare each range that comes into the document."""
    cards = console.find(console.described.card)
    cards.evaluate_all("cards => { cards[0]?.scrollIntoView(); window.scrollTo(0, 0); }")
    seen: set[int] = set()
    nothing_new = 0
    while nothing_new < _PATIENT_POLLS:
        console.page.wait_for_timeout(_POLL_MS)
        shown = console.titles()
        start = _place(shown, said.names)
        if start is None:
            return _Walk(max(seen, default=0), f"shown are {_first(shown)}, which the API does not answer so")
        now = set(range(start + 1, start + len(shown) + 1))
        nothing_new = nothing_new + 1 if now <= seen else 0
        seen |= now
        cards.evaluate_all("cards => cards.at(-1)?.scrollIntoView()")
    missing = set(range(1, max(seen) + 1)) - seen
    return _Walk(max(seen), f"vendors {min(missing)} to {max(missing)} are not shown" if missing else "")


def _place(shown: list[str], names: tuple[str, ...]) -> int | None:
    """Where in `names` they stand one after the other."""
    starts = range(len(names) - len(shown) + 1)
    return next((at for at in starts if list(names[at : at + len(shown)]) == shown), None) if shown else None


def loading(console: Console) -> Iterator[Trial]:
    """Whether it says that it waits, and ends to."""
    searches, waits = console.described.searches, console.described.loading
    said = console.api.search({})
    held: list[Route] = []
    console.page.route(searches, lambda route: held.append(route))  # noqa: PLW0108  playwright marks it
    console.open()
    yield Trial.of("while it waits", console.appears(waits, "nothing says that it is loading"))
    for route in held:
        route.continue_()
    console.page.unroute(searches)
    problem = console.agree(said) or console.goes(waits, "it still says that it is loading")
    yield Trial.of("when vendors have come", problem)


def errors(console: Console) -> Iterator[Trial]:
    """Whether it says what is wrong, and recovers."""
    provoked: dict[str, Callable[[Route], None]] = {
        "an answer of 503": lambda route: route.fulfill(status=503, json={"error": "unavailable"}),
        "no answer": lambda route: route.abort(),
    }
    searches, problem_told, retry = (
        console.described.searches, console.described.problem, console.described.retry
    )  # fmt: skip
    said = console.api.search({})
    for name, answer in provoked.items():
        console.page.route(searches, answer)
        console.open()
        yield Trial.of(name, console.appears(problem_told, "nothing says that something is wrong"))
        console.page.unroute(searches)
        if console.appears(retry, "."):
            yield Trial(f"after {name}", Outcome.FAILED, "there is nothing to try again with")
            continue
        console.find(retry).first.click()
        problem = console.agree(said) or console.goes(problem_told, "it still says that something is wrong")
        yield Trial.of(f"after {name}", problem)


TRIALS: Mapping[str, Callable[[Console], Iterator[Trial]]] = {
    "filters": filters,
    "pages": pages,
    "loading": loading,
    "errors": errors,
}


def numbers_in(text: str) -> set[int]:
    """The whole numbers in it, whatever parts their thousands."""
    return {int(re.sub(r"\D", "", found)) for found in re.findall(r"\d{1,3}(?:[.,'\s]\d{3})+|\d+", text)}


def _first(names: list[str] | tuple[str, ...]) -> str:
    more = " …" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more if names else "none"
