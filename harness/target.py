"""The target profile: how the toolkit meets a service, over the network and through commands."""

import hashlib
import ipaddress
import os
import re
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from harness.documents import Mapping, Node, Scalar, Sequence, read_document, suggestion
from harness.errors import NotAllowedError

# RFC 9110, 5.1 and 5.5.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"(?:[!-~\xa0-\xff](?:[\t -~\xa0-\xff]*[!-~\xa0-\xff])?)?")


class ClientIdentity(StrEnum):
    """How one test, or one simulated user, is a client of its own."""

    SOURCE_ADDRESS = "source_address"
    FORWARDED = "forwarded"
    SINGLE = "single"


class Capability(StrEnum):
    SEARCH = "search"
    RATE_LIMIT = "rate_limit"
    CORS = "cors"
    CONDITIONAL_REQUESTS = "conditional_requests"
    HEALTH_ENDPOINTS = "health_endpoints"
    METRICS = "metrics"


class Permission(StrEnum):
    """What may be done to a target that is not on loopback."""

    LOAD_DATA = "load_data"
    LOAD_TEST = "load_test"
    WORKERS = "workers"


@dataclass(frozen=True, slots=True)
class Command:
    """An argument list, run in the profile's folder with the environment of the suite."""

    argv: tuple[str, ...]
    folder: Path

    def filled(self, **values: str) -> list[str]:
        """The arguments with their `{placeholders}` filled in."""
        return [_fill(argument, values) for argument in self.argv]

    def takes(self, placeholder: str) -> bool:
        return any("{" + placeholder + "}" in argument for argument in self.argv)


@dataclass(frozen=True, slots=True)
class Release:
    name: str | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Fixtures:
    """Exactly one of the two is set."""

    load: Command | None = None
    preloaded: Path | None = None


@dataclass(frozen=True, slots=True)
class RateLimit:
    requests: int = 100
    per_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Cors:
    allowed: str
    denied: str


@dataclass(frozen=True, slots=True)
class Workers:
    check_health: Command | None = None
    check_health_allowing: Command | None = None
    aggregate_metrics: Command | None = None


@dataclass(frozen=True, slots=True)
class Variants:
    list: Command
    start: Command


@dataclass(frozen=True, slots=True)
class ProcessRef:
    """A process by number, or by a file that holds the number."""

    pid: int | None = None
    pidfile: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A parsed profile. `folder` is the profile's; all paths are absolute."""

    name: str
    base_url: str
    path: Path
    folder: Path
    digest: str
    release: Release = Release()
    console_url: str | None = None
    database_url: str | None = field(default=None, repr=False)
    prometheus_url: str | None = None
    console_page: Path | None = None
    fixtures: Fixtures | None = None
    client_identity: ClientIdentity = ClientIdentity.SINGLE
    rate_limit: RateLimit = RateLimit()
    cors: Cors | None = None
    capabilities: frozenset[Capability] = frozenset()
    workers: Workers | None = None
    metrics_urls: tuple[str, ...] = ()
    processes: tuple[ProcessRef, ...] = ()
    logs: tuple[Path, ...] = ()
    headers: MappingOf[str, str] = field(default_factory=dict, repr=False)
    variants: Variants | None = None
    expected_failures: Path | None = None
    allow: frozenset[Permission] = frozenset()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def on_loopback(self) -> bool:
        return is_loopback(self.base_url)

    @property
    def only_read(self) -> bool:
        """Whether nothing may be sent to it that could change anything there."""
        return not self.on_loopback and Permission.LOAD_DATA not in self.allow

    def require(self, permission: Permission) -> None:
        """Refuse to replace, load or drive a target off loopback that does not allow it.

        Raises NotAllowedError.
        """
        if not self.on_loopback and permission not in self.allow:
            raise NotAllowedError(
                f"{self.path}: {self.base_url} is not on loopback and `allow` lacks {permission.value}",
                hint=f"add `allow: [{permission.value}]` if that is really meant",
            )

    def redact(self, text: str) -> str:
        """The text with every secret of the profile replaced."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_target(path: Path, environ: MappingOf[str, str] | None = None) -> Target:
    """Parse a profile. `environ` fills `${VAR}` (default: the process's environment).

    Raises DocumentError, with file, line, column and a suggestion.
    """
    root = read_document(path)
    reader = _Reader(path.absolute().parent, os.environ if environ is None else environ)
    profile = _mapping(root)
    profile.only(_KEYS, what="key of a target profile")
    values = {key: read(reader, profile.entries[key]) for key, read in _KEYS.items() if key in profile}
    for key in ("name", "base_url"):
        profile.require(key)
    values.setdefault("client_identity", _default_identity(str(values["base_url"])))
    return Target(
        path=path,
        folder=reader.folder,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        secrets=frozenset(reader.secrets),
        **values,  # type: ignore[arg-type]  # each reader returns its field's type
    )


def _default_identity(base_url: str) -> ClientIdentity:
    return ClientIdentity.SOURCE_ADDRESS if is_loopback(base_url) else ClientIdentity.SINGLE


class _Reader:
    """Fills `${VAR}` and remembers what came from there: it is secret."""

    def __init__(self, folder: Path, environ: MappingOf[str, str]) -> None:
        self.folder = folder
        self.secrets: set[str] = set()
        self._environ = environ

    def text(self, node: Node) -> str:
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            raise node.place.error("must be text")

        def fill(match: re.Match[str]) -> str:
            value = self._environ.get(match[1])
            if value is None:
                raise node.place.error(f"${{{match[1]}}} is not set", hint=f"export {match[1]}=…")
            if len(value) >= 4:
                self.secrets.add(value)
            return value

        return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", fill, node.text)

    def name(self, node: Node) -> str:
        value = self.text(node).strip()
        if not value:
            raise node.place.error("must not be empty")
        return value

    def http_url(self, node: Node) -> str:
        value = self.text(node).rstrip("/")
        written = node.text if isinstance(node, Scalar) else ""  # without what ${VAR} stands for
        parts = _split(node, value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise node.place.error(
                f"{written!r} is not an http or https URL", hint="for instance http://127.0.0.1:8080"
            )
        if parts.username or parts.password:
            raise node.place.error("a URL must not hold credentials", hint="use `headers` with ${VAR}")
        return value

    def database_url(self, node: Node) -> str:
        value = self.text(node)
        parts = _split(node, value)
        if parts.scheme not in ("postgresql", "postgres"):
            raise node.place.error("must be a postgresql:// URL")
        if parts.password:
            self.secrets.add(parts.password)
        return value

    def path(self, node: Node) -> Path:
        return self.folder / self.name(node)

    def paths(self, node: Node) -> tuple[Path, ...]:
        return tuple(self.path(item) for item in _sequence(node).items)

    def http_urls(self, node: Node) -> tuple[str, ...]:
        return tuple(self.http_url(item) for item in _sequence(node).items)

    def release(self, node: Node) -> Release:
        return Release(**self._texts(node, ("name", "commit")))

    def fixtures(self, node: Node) -> Fixtures:
        mapping = _mapping(node)
        mapping.only(("load", "preloaded"))
        if len(mapping.entries) != 1:
            raise mapping.place.error("needs exactly one of `load` and `preloaded`")
        if "load" in mapping:
            return Fixtures(load=self.command("file")(mapping.entries["load"]))
        return Fixtures(preloaded=self.path(mapping.entries["preloaded"]))

    def rate_limit(self, node: Node) -> RateLimit:
        mapping = _mapping(node)
        mapping.only(("requests", "per_seconds"))
        return RateLimit(**{key: _positive(value) for key, value in mapping.entries.items()})

    def cors(self, node: Node) -> Cors:
        mapping = _mapping(node)
        mapping.only(("allowed", "denied"))
        return Cors(
            allowed=self.name(mapping.require("allowed")), denied=self.name(mapping.require("denied"))
        )

    def workers(self, node: Node) -> Workers:
        readers = {
            "check_health": self.command(),
            "check_health_allowing": self.command("networks"),
            "aggregate_metrics": self.command(),
        }
        mapping = _mapping(node)
        mapping.only(readers)
        return Workers(**{key: readers[key](value) for key, value in mapping.entries.items()})

    def variants(self, node: Node) -> Variants:
        mapping = _mapping(node)
        mapping.only(("list", "start"))
        return Variants(
            list=self.command()(mapping.require("list")), start=self.command("name")(mapping.require("start"))
        )

    def processes(self, node: Node) -> tuple[ProcessRef, ...]:
        return tuple(self._process(item) for item in _sequence(node).items)

    def _process(self, node: Node) -> ProcessRef:
        if isinstance(node, Mapping):
            node.only(("pidfile",))
            return ProcessRef(pidfile=self.path(node.require("pidfile")))
        return ProcessRef(pid=_positive(node))

    def headers(self, node: Node) -> dict[str, str]:
        return {key: self._header(key, value) for key, value in _mapping(node).entries.items()}

    def _header(self, name: str, node: Node) -> str:
        value = self.text(node)
        if not _HEADER_NAME.fullmatch(name):
            raise node.place.error(f"{name!r} is no name of an HTTP header")
        if not _HEADER_VALUE.fullmatch(value):  # which may be a secret: not told
            raise node.place.error(
                f"the value of {name} holds what no HTTP header can",
                hint="one line of visible characters of Latin-1",
            )
        return value

    def command(self, *placeholders: str) -> Callable[[Node], Command]:
        def read(node: Node) -> Command:
            argv = tuple(self.text(item) for item in _sequence(node, "an argument list").items)
            if not argv:
                raise node.place.error("a command needs at least one argument")
            for name in placeholders:
                if not any("{" + name + "}" in argument for argument in argv):
                    raise node.place.error(f"the command must contain {{{name}}}")
            return Command(argv, self.folder)

        return read

    def _texts(self, node: Node, keys: tuple[str, ...]) -> dict[str, str]:
        mapping = _mapping(node)
        mapping.only(keys)
        return {key: self.name(value) for key, value in mapping.entries.items()}


_E = TypeVar("_E", bound=StrEnum)


def _choice(kind: type[_E]) -> Callable[[_Reader, Node], _E]:
    def read(reader: _Reader, node: Node) -> _E:
        word, words = reader.text(node), [member.value for member in kind]
        if word not in words:
            raise node.place.error(f"{word!r} is not known here", hint=suggestion(word, words))
        return kind(word)

    return read


def _choices(kind: type[_E]) -> Callable[[_Reader, Node], frozenset[_E]]:
    one = _choice(kind)
    return lambda reader, node: frozenset(one(reader, item) for item in _sequence(node).items)


_KEYS: dict[str, Callable[[_Reader, Node], object]] = {
    "name": _Reader.name,
    "base_url": _Reader.http_url,
    "release": _Reader.release,
    "console_url": _Reader.http_url,
    "database_url": _Reader.database_url,
    "prometheus_url": _Reader.http_url,
    "console_page": _Reader.path,
    "fixtures": _Reader.fixtures,
    "client_identity": _choice(ClientIdentity),
    "rate_limit": _Reader.rate_limit,
    "cors": _Reader.cors,
    "capabilities": _choices(Capability),
    "workers": _Reader.workers,
    "metrics_urls": _Reader.http_urls,
    "processes": _Reader.processes,
    "logs": _Reader.paths,
    "headers": _Reader.headers,
    "variants": _Reader.variants,
    "expected_failures": _Reader.path,
    "allow": _choices(Permission),
}


def _split(node: Node, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise node.place.error(f"is not a URL: {error}") from None
    return parts


def _mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise node.place.error("must be a mapping of keys")
    return node


def _sequence(node: Node, what: str = "a list") -> Sequence:
    if not isinstance(node, Sequence):
        raise node.place.error(f"must be {what}", hint="for instance [a, b]")
    return node


def _positive(node: Node) -> int:
    if isinstance(node, Scalar) and type(node.value) is int and node.value >= 1:
        return node.value
    raise node.place.error("must be a whole number of at least 1")


def _fill(argument: str, values: MappingOf[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), argument)
