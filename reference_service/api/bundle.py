"""The console's built files, held in memory: what is not in here cannot be served, whatever a path says."""

import gzip
import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

PAGE = "index.html"
_TYPES = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".woff2": "font/woff2",
    }
)


@dataclass(frozen=True, slots=True)
class File:
    """One file as it goes over the wire."""

    content_type: str
    plain: bytes
    gzipped: bytes
    tag: str


class Bundle:
    """The files of `folder`, read when first asked for and again after another build."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: Mapping[str, File] = MappingProxyType({})
        self._built = 0

    def file(self, name: str) -> File | None:
        """The file of this name, relative to the bundle; None where there is none, or no bundle."""
        try:
            built = (self._folder / PAGE).stat().st_mtime_ns
            if built != self._built:
                self._files, self._built = _read(self._folder), built
        except OSError:
            return None
        return self._files.get(name)


def _read(folder: Path) -> Mapping[str, File]:
    found = {}
    for path in sorted(folder.rglob("*")):
        content_type = _TYPES.get(path.suffix)
        if content_type and stat.S_ISREG(path.lstat().st_mode):
            found[path.relative_to(folder).as_posix()] = _file(content_type, path.read_bytes())
    return MappingProxyType(found)


def _file(content_type: str, content: bytes) -> File:
    tag = hashlib.blake2b(content, digest_size=12).hexdigest()
    return File(content_type, content, gzip.compress(content, mtime=0), f'"{tag}"')
