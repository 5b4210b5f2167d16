"""The test server in a process of its own, and what it saw."""

import json
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

_ROOT = Path(__file__).parents[2]


@contextmanager
def running_server(*options: str) -> Iterator[str]:
    """Yields its base URL; it ends when its standard input does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtests.tests.server", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )
    try:
        assert process.stdout is not None  # noqa: S101  # it is a pipe
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def arrivals_at(base_url: str) -> list[float]:
    """When each request of a run came, in seconds of the server's clock; the look before it left out."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{base_url}/arrivals", timeout=10) as answer:
        found: list[float] = json.load(answer)
    return found[1:]


def rate_of(arrivals: list[float]) -> float:
    return (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])


def irregularity_of(arrivals: list[float]) -> float:
    """The coefficient of variation of the gaps: 0 for a metronome, 1 for independent arrivals."""
    gaps = [b - a for a, b in pairwise(arrivals)]
    return statistics.stdev(gaps) / statistics.fmean(gaps)


def make_certificate(path: Path) -> None:
    """A key and a certificate for 127.0.0.1 in one PEM file, which vouches for itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "launchkit bench")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    path.chmod(0o600)
