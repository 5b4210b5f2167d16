"""`launchkit bench report`: how long a checklist takes, and how large and how quick its report is."""

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from harness.browser import NoBrowserError, Window, open_page
from harness.errors import CouldNotDecideError
from harness.evidence import Observation, Source, Status
from harness.journal import FILE_NAME, About, Journal, read_journal
from harness.progress import Progress
from reports.write import HTML, write_reports

CHECKS, DELAY_SECONDS = 50, 0.5
ITEMS = 2000
_SECONDS = 300.0
_BROWSER_SECONDS = 60.0
# From the start of the navigation until the page is laid out down to its last row, and was painted.
_READABLE = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const rows = document.querySelectorAll('details.row');
  rows[rows.length - 1].getBoundingClientRect();
  done({rows: rows.length, ms: performance.now()});
})))"""


class ReportFigure(msgspec.Struct, frozen=True, kw_only=True):
    """The median of all rounds; `held` is null where it could not be measured, and `note` says why."""

    name: str
    value: float | None
    unit: str
    limit: float
    held: bool | None
    note: str = ""


class ReportBench(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    rounds: int
    figures: tuple[ReportFigure, ...]


def bench_report(rounds: int, progress: Progress) -> ReportBench:
    with TemporaryDirectory(prefix="launchkit-bench-") as name:
        folder = Path(name)
        with progress.phase(f"{CHECKS} checks of {DELAY_SECONDS:g} s, {rounds} times"):
            seconds, size = _checks(folder, rounds)
        with progress.phase(f"a report of {ITEMS} items in Chromium, {rounds} times"):
            readable = _readable(folder, rounds)
    return ReportBench(format=1, rounds=rounds, figures=(seconds, size, readable))


def report_table(result: ReportBench) -> str:
    width = max(len(figure.name) for figure in result.figures)
    words = {True: "held", False: "MISSED", None: "not measured"}
    return "\n".join(
        f"{figure.name:{width}}  {'–' if figure.value is None else format(figure.value, ',.2f'):>10} "
        f"{figure.unit:2}  limit {figure.limit:,g} {figure.unit}  {words[figure.held]}"
        + (f" ({figure.note})" if figure.note else "")
        for figure in result.figures
    )


def _figure(name: str, values: list[float], unit: str, limit: float) -> ReportFigure:
    value = round(statistics.median(values), 3)
    return ReportFigure(name=name, value=value, unit=unit, limit=limit, held=value <= limit)


def _checks(folder: Path, rounds: int) -> tuple[ReportFigure, ReportFigure]:
    """As a user would: the command as a process, its own account of the phase, its report's size."""
    checklist = folder / "checklist.yaml"
    items = "".join(
        f"      - Answer {number} comes: {{http: /{number}, expect: [status = 200, body ~ ok]}}\n"
        for number in range(CHECKS)
    )
    checklist.write_text(f"launch: bench\nphases:\n  pre-launch:\n    answers:\n{items}", encoding="utf-8")
    seconds, sizes = [], []
    with _slow_server() as url:
        profile = folder / "target.yaml"
        profile.write_text(f"name: bench\nbase_url: {url}\n", encoding="utf-8")
        for number in range(rounds):
            runs = folder / f"runs-{number}"
            _check(runs, profile, checklist)
            (run,) = (path.parent for path in runs.glob(f"*/{FILE_NAME}"))
            phases = {phase.name: phase.seconds for phase in read_journal(run).footer.phases}
            seconds.append(phases["pre-launch checklist"])
            write_reports(run)
            sizes.append((run / HTML).stat().st_size / 1000)
    return (
        _figure(f"{CHECKS} HTTP checks of {DELAY_SECONDS * 1000:.0f} ms", seconds, "s", 1.3),
        _figure(f"report of {CHECKS} items", sizes, "KB", 120.0),
    )


def _check(runs: Path, profile: Path, checklist: Path) -> None:
    argv = [sys.executable, "-m", "harness", "check", "--target", str(profile), "--file", str(checklist)]
    environ = {"LAUNCHKIT_RUNS_DIR": str(runs), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(argv, env=environ, capture_output=True, timeout=_SECONDS, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CouldNotDecideError(f"the checks ended with exit code {done.returncode}: {said[-1:]}")


@contextmanager
def _slow_server() -> Iterator[str]:
    """Answers every request after the delay, however many there are at once."""

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(DELAY_SECONDS)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 2 * CHECKS
        daemon_threads = True

    with Server(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def _readable(folder: Path, rounds: int) -> ReportFigure:
    name = f"report of {ITEMS} items, until readable"
    page = _large_report(folder / "large", ITEMS)
    try:
        return _figure(name, [_open(page) for _ in range(rounds)], "s", 1.5)
    except NoBrowserError as error:
        return ReportFigure(name=name, value=None, unit="s", limit=1.5, held=None, note=error.message)


def _large_report(folder: Path, items: int) -> Path:
    about = About(
        run=folder.name,
        command="check",
        environment="existing",
        rehearsal=False,
        subject=None,
        parts=(Source.CHECKLIST,),
        seed=1,
        version="bench",
    )
    journal = Journal.create(folder, about)
    for number in range(items):
        journal.observe(_item(number))
    journal.finish(outcome="complete", seconds=1.0)
    write_reports(folder)
    return folder / HTML


def _item(number: int) -> Observation:
    failed = number % 10 == 0
    return Observation(
        source=Source.CHECKLIST,
        id=f"pre-launch/item-{number}",
        status=Status.FAIL if failed else Status.PASS,
        expected="status = 200; time < 50ms",
        observed=f"status = {500 if failed else 200}; time = {number % 60}ms",
        message="expected status = 200, but status = 500" if failed else "",
        evidence={
            "title": f"Item {number} answers as it should",
            "section": f"section {number // 50}",
            "severity": "blocker",
            "owner": "backend",
            "asked": f"GET http://127.0.0.1/{number}",
            "output": "x" * 800,
        },
    )


def _open(page: Path) -> float:
    """Seconds from the start of the navigation; a browser of its own each time, so that nothing is warm."""
    with open_page(Window(), seconds=_BROWSER_SECONDS) as browser:
        browser.goto(page.absolute().as_uri(), wait_until="load")
        found = browser.evaluate(_READABLE)
        if found["rows"] != ITEMS:
            raise CouldNotDecideError(f"the page shows {found['rows']} items, not {ITEMS}")
        return float(found["ms"]) / 1000
