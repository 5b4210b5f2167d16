"""The guard on a real network in which every address answers: a namespace of its own, with no way out."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence

import pytest

from reference_service.tests.workers.special_ranges import PUBLIC_NEIGHBOURS, forbidden_hosts

NAMESPACE = ("unshare", "--map-root-user", "--net")


@pytest.fixture
def namespaces() -> None:
    """Skips where the machine gives none."""
    allowed = (
        shutil.which(NAMESPACE[0])
        and subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    )
    if not allowed:
        pytest.skip("network namespaces are forbidden here")


def count_connections(hosts: Sequence[str]) -> list[tuple[int, int]]:
    done = subprocess.run(
        [*NAMESPACE, sys.executable, "-m", "reference_service.tests.workers.everywhere"],
        input=json.dumps([f"http://{host}:{{port}}/" for host in hosts]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [(guarded, unguarded) for guarded, unguarded in json.loads(done.stdout)]


@pytest.mark.usefixtures("namespaces")
def test_nothing_forbidden_is_connected_to_and_every_public_neighbour_is() -> None:
    corpus = sorted({host for _, host in forbidden_hosts()})
    neighbours = [f"[{address}]" if ":" in address else address for address in PUBLIC_NEIGHBOURS]
    counts = count_connections([*corpus, *neighbours])
    forbidden, public = counts[: len(corpus)], counts[len(corpus) :]
    assert [host for host, (guarded, _) in zip(corpus, forbidden, strict=True) if guarded] == []
    # The listener would have noticed: without the guard most of them do connect.
    assert sum(unguarded for _, unguarded in forbidden) > len(corpus) / 2
    assert [host for host, (guarded, _) in zip(neighbours, public, strict=True) if guarded != 1] == []
