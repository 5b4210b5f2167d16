"""`launchkit attest`: what is signed is what the run says, and any change since is found."""

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from harness.cli import run as launchkit
from harness.evidence import Observation, Status
from reports import write_reports
from reports.attestation import FILE_NAME
from reports.tests.journals import SUBJECT, check, contract, load, plans_of, whole, write_run
from reports.write import JSON

COMMIT = "3f2a" * 10


def write_keys(folder: Path, encryption: KeySerializationEncryption | None = None) -> tuple[str, str]:
    """Paths of a new private and public key."""
    folder.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    private, public = folder / "key.pem", folder / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return str(private), str(public)


def reported(folder: Path, *observations: Observation, **more: Any) -> Path:
    subject = type(SUBJECT)(name="reference", base_url="http://x", profile_digest="a" * 64, commit=COMMIT)
    write_run(
        folder, [*whole(), check(Status.WAIVED, "x/waived"), *observations], **{"subject": subject, **more}
    )
    write_reports(folder)
    return folder


def statement(folder: Path) -> dict[str, Any]:
    envelope = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    found: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
    return found


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, str]:
    return write_keys(tmp_path / "keys")


def test_an_attested_run_is_sound_under_its_key(tmp_path: Path, keys: tuple[str, str]) -> None:
    run = reported(tmp_path / "run", contract(Status.WARNING, "a/should"))
    assert launchkit(["attest", str(run), "--key", keys[0]]) == 0
    assert launchkit(["verify", str(run), "--key", keys[1]]) == 0
    said = statement(run)
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    assert said["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert said["subject"][0] == {"name": "reference", "digest": {"gitCommit": COMMIT}}
    assert said["predicate"]["warnedTests"] == ["checklist/x/waived", "contract/a/should"]
    assert "contract/seeded/search/test_sort" in said["predicate"]["passedTests"]


@pytest.mark.parametrize(
    ("observations", "rehearsal", "result"),
    [
        ((), False, "WARNED"),  # a waiver is a condition
        ((), True, "WARNED"),
        ((check(Status.FAIL, "x/y"),), False, "FAILED"),
        ((check(Status.FAIL, "x/y"),), True, "FAILED"),
    ],
)
def test_the_result_follows_the_verdict(
    tmp_path: Path,
    keys: tuple[str, str],
    observations: tuple[Observation, ...],
    rehearsal: bool,
    result: str,
) -> None:
    run = reported(tmp_path / "run", *observations, rehearsal=rehearsal)
    assert launchkit(["attest", str(run), "--key", keys[0]]) == 0
    assert statement(run)["predicate"]["result"] == result


def test_what_was_never_asked_is_no_test_that_passed(tmp_path: Path, keys: tuple[str, str]) -> None:
    (plan,) = plans_of([check()], "pre-launch/never-asked")
    last = msgspec.structs.replace(plan.items[-1], severity="major")
    plans = (
        msgspec.structs.replace(plan, items=(*plan.items[:-1], last)),
        *plans_of([check(name="x/waived")]),
    )
    run = reported(tmp_path / "run", plans=plans)
    assert launchkit(["attest", str(run), "--key", keys[0]]) == 0
    assert "checklist/pre-launch/never-asked" in statement(run)["predicate"]["warnedTests"]


def test_what_was_not_decided_is_not_attested(
    tmp_path: Path, keys: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run = reported(tmp_path / "run", check(Status.ERROR, "x/y"))
    assert launchkit(["attest", str(run), "--key", keys[0]]) == 3
    assert "the run is UNDECIDED: there is no result to attest" in capsys.readouterr().err
    assert not (run / FILE_NAME).exists()


def test_a_run_that_was_altered_is_not_attested(
    tmp_path: Path, keys: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run = reported(tmp_path / "run")
    path = run / JSON
    path.write_text(path.read_text(encoding="utf-8").replace("WITH CONDITIONS", ""), encoding="utf-8")
    assert launchkit(["attest", str(run), "--key", keys[0]]) == 3
    assert "only a sound run is attested" in capsys.readouterr().err


def test_a_dirty_tree_has_no_commit_to_speak_of(tmp_path: Path, keys: tuple[str, str]) -> None:
    run = reported(tmp_path / "run", subject=SUBJECT)
    assert launchkit(["attest", str(run), "--key", keys[0]]) == 0
    assert [subject["name"] for subject in statement(run)["subject"]] == ["journal.jsonl", JSON]


def change_payload(envelope: dict[str, Any]) -> None:
    payload = base64.b64decode(envelope["payload"]).replace(b"WARNED", b"PASSED")
    envelope["payload"] = base64.b64encode(payload).decode()


def change_type(envelope: dict[str, Any]) -> None:
    envelope["payloadType"] = "text/plain"


def change_signature(envelope: dict[str, Any]) -> None:
    envelope["signatures"][0]["sig"] = base64.b64encode(b"\0" * 64).decode()


def drop_signature(envelope: dict[str, Any]) -> None:
    envelope["signatures"] = []


def not_base64(envelope: dict[str, Any]) -> None:
    envelope["payload"] = "not base64!"


@pytest.mark.parametrize("alter", [change_payload, change_type, change_signature, drop_signature, not_base64])
def test_an_attestation_that_was_altered_is_found(tmp_path: Path, keys: tuple[str, str], alter: Any) -> None:
    run = reported(tmp_path / "run")
    launchkit(["attest", str(run), "--key", keys[0]])
    envelope = json.loads((run / FILE_NAME).read_text(encoding="utf-8"))
    alter(envelope)
    (run / FILE_NAME).write_text(json.dumps(envelope), encoding="utf-8")
    assert launchkit(["verify", str(run), "--key", keys[1]]) == 1


def test_an_attestation_of_another_run_is_found(tmp_path: Path, keys: tuple[str, str]) -> None:
    one, two = reported(tmp_path / "one"), reported(tmp_path / "two", load(name="spike/p95"))
    launchkit(["attest", str(one), "--key", keys[0]])
    (two / FILE_NAME).write_bytes((one / FILE_NAME).read_bytes())
    assert launchkit(["verify", str(two), "--key", keys[1]]) == 1


def test_another_key_no_key_and_no_attestation_are_told_apart(
    tmp_path: Path, keys: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run = reported(tmp_path / "run")
    assert launchkit(["verify", str(run)]) == 0
    assert launchkit(["verify", str(run), "--key", keys[1]]) == 3
    assert "the run was not attested" in capsys.readouterr().out
    launchkit(["attest", str(run), "--key", keys[0]])
    assert launchkit(["verify", str(run)]) == 3
    assert "cannot be told without --key" in capsys.readouterr().out
    assert launchkit(["verify", str(run), "--key", write_keys(tmp_path / "other")[1]]) == 1
    assert "is not signed by this key" in capsys.readouterr().out


def test_wrong_keys_are_one_line(
    tmp_path: Path, keys: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(reported(tmp_path / "run"))
    locked = write_keys(tmp_path / "locked", BestAvailableEncryption(b"secret"))[0]
    curve = tmp_path / "curve.pem"
    curve.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    for arguments, said in (
        (["attest", run, "--key", str(tmp_path / "none.pem")], "cannot be read"),
        (["attest", run, "--key", keys[1]], "is no private key in PEM"),
        (["attest", run, "--key", locked], "has a passphrase"),
        (["attest", run, "--key", str(curve)], "is no Ed25519 key"),
        (["verify", run, "--key", keys[0]], "is no public key in PEM"),
    ):
        assert launchkit(arguments) == 2
        err = capsys.readouterr().err
        assert said in err
        assert err.count("\n") == 1
