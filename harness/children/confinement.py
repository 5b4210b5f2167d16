"""What a child does to itself between fork and exec: whom it runs as, and that it dies with its parent."""

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

NOBODY = 65534

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWIPC = 0x08000000
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_SET_CHILD_SUBREAPER = 36
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


class Identity(StrEnum):
    """How a server that refuses to run as root is run."""

    NAMESPACE = "namespace"  # our own user, called nobody in a user and IPC namespace of its own
    NOBODY = "nobody"  # really nobody, who may still enter our folders
    SELF = "self"  # as we are


def choose_identity() -> Identity:
    """The first that works here: a chroot and many containers forbid user namespaces.

    A namespace is preferred for an ordinary user too: its shared memory vanishes with its last process.
    """
    if _works_in_a_child(_enter_namespace):
        return Identity.NAMESPACE
    return Identity.NOBODY if os.geteuid() == 0 else Identity.SELF


def assume(identity: Identity) -> None:
    """Become that identity; for good. Raises OSError."""
    if identity is Identity.NAMESPACE:
        _enter_namespace()
    elif identity is Identity.NOBODY:
        _become_nobody()


def die_with_parent(parent: int, signal: int) -> None:
    """Ask the kernel for `signal` when the parent dies. Call it last: a change of user forgets it."""
    _call("prctl", _PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies."""
    _call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _works_in_a_child(step: Callable[[], None]) -> bool:
    child = os.fork()
    if child == 0:
        try:
            step()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _enter_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", _CLONE_NEWUSER | _CLONE_NEWIPC)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        Path("/proc/self", name).write_text(text, encoding="ascii")


def _become_nobody() -> None:
    with suppress(OSError):  # only tidier: an orderly stop removes the shared memory as well
        _call("unshare", _CLONE_NEWIPC)
    with suppress(OSError):  # else access(2), with which initdb looks for postgres, forgets our capability
        _call("prctl", _PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    _call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    with suppress(OSError):  # then only folders that anybody may enter can be used; PostgreSQL says so
        _keep_dac_override()


def _keep_dac_override() -> None:
    """Keep, through exec, the right to pass folders such as /root: the run folder may lie below one."""
    bit = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; low, high
    _call("capset", header, sets)
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def _call(name: str, *arguments: object) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
