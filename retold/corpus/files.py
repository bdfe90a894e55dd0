"""Files wherever fsspec finds them: on this machine, in memory, in an object store."""

from __future__ import annotations

from typing import Any

import fsspec

from retold.records import RetoldError


def filesystem(url: str) -> tuple[Any, str]:
    """The file system of a path or URL, and the path in it. Raises RetoldError for a protocol that is not there."""
    try:
        fs, path = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise RetoldError(f"{url}: cannot be opened ({error})") from None
    return fs, path


def full(url: str) -> str:
    """A URL as it is; a local path made absolute, as a worker may stand in another folder."""
    fs, path = filesystem(url)
    return str(fs.unstrip_protocol(path)) if "://" in url else str(path)


def is_local(fs: Any) -> bool:
    """Whether the file system is this machine's."""
    return "file" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol)


def below(path: str, folder: str) -> str:
    """A path as seen from a folder above it."""
    return path[len(folder) :].lstrip("/")


def listed(fs: Any, folder: str) -> list[str]:
    """The paths in a folder, sorted; none where there is no such folder."""
    fs.invalidate_cache()
    try:
        return sorted(fs.ls(folder, detail=False))
    except FileNotFoundError:
        return []
