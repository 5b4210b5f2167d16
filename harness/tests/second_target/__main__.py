"""`python -m harness.tests.second_target --port P --profile-out FILE`, and the commands of its profile."""

import argparse
import ctypes
import json
import math
import os
import signal
import sys
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from harness.tests.second_target.limiter import Limiter
from harness.tests.second_target.profile import write_profile
from harness.tests.second_target.service import Service
from harness.tests.second_target.telemetry import Telemetry
from harness.tests.second_target.web import Web

ORIGIN = "http://shop.localhost:3000"
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    match options.command:
        case "load":
            return _order(options.port, "load", Path(options.file).read_bytes())
        case "check-health":
            order = {"networks": options.allow, "seconds": options.seconds}
            return _order(options.port, "check-health", json.dumps(order).encode())
        case "aggregate":
            return _order(options.port, "aggregate", b"{}")
    return _serve(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="second_target", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--profile-out", type=Path, help="write a target profile here")
    parser.add_argument("--rate-limit", type=int, default=100, help="requests in a window")
    parser.add_argument("--rate-window", type=int, default=60, help="seconds")
    parser.add_argument("--reset-rounded-down", action="store_true", help="X-RateLimit-Reset is cut off")
    parser.add_argument("--die-with-parent", action="store_true", help="stop when the starter does")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("load").add_argument("file")
    check = commands.add_parser("check-health")
    check.add_argument("--allow", default="")
    check.add_argument("--seconds", type=float, default=10.0)
    commands.add_parser("aggregate")
    return parser


def _serve(options: argparse.Namespace) -> int:
    if options.die_with_parent:
        _die_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    service = Service(Telemetry())
    service.heartbeats["partitionManager"] = datetime.now(UTC)
    rounding = math.floor if options.reset_rounded_down else math.ceil
    limiter = Limiter(options.rate_limit, options.rate_window, rounding)
    web = Web(("127.0.0.1", options.port), service, limiter, ORIGIN)
    port = web.server_address[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    if options.profile_out:
        limit = {"requests": options.rate_limit, "per_seconds": options.rate_window}
        write_profile(options.profile_out, port, os.getpid(), ORIGIN, limit)
        print(options.profile_out.absolute(), flush=True)
    try:
        web.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        return 0
    finally:
        web.server_close()
    return 0


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _order(port: int, command: str, body: bytes) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("POST", f"/-/{command}", body)
        answer = connection.getresponse()
        text = answer.read().decode()
    except OSError as error:
        print(f"second_target: nothing answers on port {port} ({error})", file=sys.stderr)
        return 1
    finally:
        connection.close()
    if answer.status != 200:
        print(f"second_target: {text.strip()}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
