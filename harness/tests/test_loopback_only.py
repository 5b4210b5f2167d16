"""No test dials anything but this machine: the guard around all of them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("address", "passes"),
    [
        (("127.0.0.1", 1), True),
        (("::1", 1), True),
        (("localhost", 1), True),
        (("192.0.2.1", 80), False),
        (("2001:db8::1", 80), False),
        (("::", 80), False),
        (("vendor.test", 80), False),
    ],
)
def test_a_test_that_dials_out_fails_though_it_forgives_the_error(
    tmp_path: Path, address: tuple[str, int], passes: bool
) -> None:
    family = "AF_INET6" if ":" in address[0] else "AF_INET"
    (tmp_path / "test_dialling.py").write_text(
        "import socket\n"
        "def test_it() -> None:\n"
        f"    with socket.socket(socket.{family}, socket.SOCK_DGRAM) as opened:\n"  # which sends nothing
        "        try:\n"
        f"            opened.connect({address!r})\n"
        "        except OSError:\n"
        "            pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "conftest"]
    ended = subprocess.run(
        [*command, f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == (0 if passes else 1), ended.stdout
    assert ("dialled off loopback" in ended.stdout) is not passes
