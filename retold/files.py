"""Files put in place in one step: a reader sees the old one or the new one, whole, and a failure leaves the old."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from retold.records import RetoldError

MAKING = ".making-"  # what the name of anything unfinished begins with


def put(path: Path, content: bytes) -> Path:
    """Write a file, its folder too where that is missing; an old file's permissions stay.

    Raises RetoldError where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with making(path.parent) as folder:
            part = folder / path.name
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())  # or a power cut could leave the new name and not what it stands for
            with contextlib.suppress(FileNotFoundError):
                part.chmod(path.stat().st_mode & 0o777)
            return part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


@contextlib.contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` to make files in, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{MAKING}{os.getpid()}-") as name:
        yield Path(name)


def sweep(folder: Path) -> None:
    """Remove what processes that were killed have left half made; only where no other machine writes."""
    for left in folder.glob(f"{MAKING}*"):
        maker = left.name.removeprefix(MAKING).split("-")[0]
        if maker.isdecimal() and not _alive(int(maker)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)  # signal 0 asks and does nothing
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def unwritable(path: Path, error: OSError) -> RetoldError:
    return RetoldError(f"{error.filename2 or error.filename or path}: cannot be written ({error.strerror or error})")
