"""`monitor`: a Prometheus with this service's rules, on loopback, for as long as something is tried."""

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from reference_service.commands.arguments import Arguments
from reference_service.ops.files import as_yaml
from reference_service.ops.pace import PRODUCTION
from reference_service.ops.rules import rules_document
from reference_service.ops.scraping import Scraping, prometheus_document

_USAGE, _CANNOT = 2, 3
_INSTALL = "Debian: apt-get install --no-install-recommends prometheus"
_RULES = "alerts.yml"


def monitor(argv: list[str]) -> int:
    """Become a Prometheus that watches the API and the workers; 3 where it is not installed."""
    parser = Arguments(prog="monitor", description=monitor.__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for its files and data")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True, help="host:port of the API's metrics")
    parser.add_argument("--workers", required=True, help="host:port of the workers' metrics")
    parser.add_argument("--every", type=float, default=15.0, help="seconds from one look to the next")
    given = parser.parse_args(argv)
    program = shutil.which("prometheus")
    if program is None:
        return _complain(f"Prometheus is not installed ({_INSTALL})", _CANNOT)
    folder: Path = given.folder
    scraping = Scraping({"discovery": given.api, "workers": given.workers}, rules=_RULES, every=given.every)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _RULES).write_text(as_yaml(rules_document(PRODUCTION)))
        (folder / "prometheus.yml").write_text(as_yaml(prometheus_document(scraping)))
    except OSError as error:
        return _complain(f"{folder} cannot be written ({error.strerror})", _USAGE)
    options = (
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{given.port}",
    )
    return _become([program, *options])


def _become(argv: list[str]) -> NoReturn:
    os.execv(argv[0], argv)  # noqa: S606  not a child: signals have to reach it


def _complain(problem: str, code: int) -> int:
    print(f"reference_service monitor: {problem}", file=sys.stderr)
    return code
