"""DSSE envelopes with one Ed25519 signature, and the keys for them."""

import base64
import binascii
import hashlib
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from harness.errors import UsageError
from reports.statement import PAYLOAD_TYPE

_MAKE = "openssl genpkey -algorithm ed25519 -out key.pem"


class Signature(msgspec.Struct, frozen=True):
    """`keyid` is the SHA-256 of the raw public key."""

    keyid: str
    sig: str


class Envelope(msgspec.Struct, frozen=True, rename="camel"):
    """`payload` is base64."""

    payload: str
    payload_type: str
    signatures: tuple[Signature, ...]


class NotSignedError(ValueError):
    """The envelope is not signed by the key, or is no envelope."""


def seal(payload: bytes, key: Ed25519PrivateKey) -> Envelope:
    signature = key.sign(_signed_bytes(payload))
    return Envelope(
        base64.b64encode(payload).decode(),
        PAYLOAD_TYPE,
        (Signature(key_id(key.public_key()), base64.b64encode(signature).decode()),),
    )


def open_envelope(raw: bytes, key: Ed25519PublicKey) -> bytes:
    """The payload, once the key has signed it. Raises NotSignedError."""
    try:
        envelope = msgspec.json.decode(raw, type=Envelope)
        payload = base64.b64decode(envelope.payload, validate=True)
        signatures = [base64.b64decode(signature.sig, validate=True) for signature in envelope.signatures]
    except (msgspec.MsgspecError, UnicodeDecodeError, binascii.Error, ValueError) as error:
        raise NotSignedError(f"is no signed statement: {error}") from None
    if envelope.payload_type != PAYLOAD_TYPE:
        raise NotSignedError(f"holds {envelope.payload_type!r}, not {PAYLOAD_TYPE}")
    if not any(_verifies(key, signature, payload) for signature in signatures):
        raise NotSignedError("is not signed by this key, or was altered since")
    return payload


def _verifies(key: Ed25519PublicKey, signature: bytes, payload: bytes) -> bool:
    try:
        key.verify(signature, _signed_bytes(payload))
    except InvalidSignature:
        return False
    return True


def _signed_bytes(payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """An Ed25519 key in PEM without a passphrase. Raises UsageError."""
    try:
        key = load_pem_private_key(_read(path), password=None)
    except TypeError:
        raise UsageError(
            f"{path} has a passphrase", hint="give a key without one, from a secret store"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(f"{path} is no private key in PEM", hint=f"make one: {_MAKE}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path} is no Ed25519 key", hint=f"make one: {_MAKE}")
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """An Ed25519 public key in PEM. Raises UsageError."""
    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(
            f"{path} is no public key in PEM", hint="make it: openssl pkey -in key.pem -pubout"
        ) from None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{path} is no Ed25519 key")
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})", hint="check the path") from None
