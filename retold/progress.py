"""What long work says of itself: a bar where somebody watches, a line a stage where asked for, nothing in CI."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

_SUBJECT: ContextVar[str] = ContextVar("subject", default="")
_LINES: ContextVar[bool] = ContextVar("lines", default=False)


def silent() -> bool:
    """Whether nothing is to be shown: in CI (`CI` is set), or where `TQDM_DISABLE` says so."""
    return bool(os.environ.get("CI")) or os.environ.get("TQDM_DISABLE", "").lower() not in ("", "0", "false", "no")


def hidden() -> bool:
    """Whether a bar is to stay away: where silent, and where stderr is neither a terminal nor a notebook's."""
    return silent() or not (_in_notebook() or sys.stderr.isatty())


@contextlib.contextmanager
def on(document: str) -> Iterator[None]:
    """Name the document that the work inside is on."""
    token = _SUBJECT.set(document)
    try:
        yield
    finally:
        _SUBJECT.reset(token)


@contextlib.contextmanager
def lines() -> Iterator[None]:
    """Let the stages inside say what they do in plain lines on stderr wherever no bar can."""
    token = _LINES.set(True)
    try:
        yield
    finally:
        _LINES.reset(token)


def bar(total: int, what: str, unit: str, *, done: int = 0, leave: bool = False) -> Any:
    """A progress bar, which stays away where it is to be hidden."""
    from tqdm.auto import tqdm

    return tqdm(total=total, initial=done, desc=what, unit=f" {unit}", disable=hidden(), leave=leave)


@contextlib.contextmanager
def stage(what: str, total: int, unit: str, engine: str) -> Iterator[Callable[[int], object]]:
    """One stage of work on `total` units by an engine; what it gives is called with the number of units done.

    Where lines are asked for and no bar is shown, one line says that it begins and one how long it took, in seconds.
    """
    named = f"{what} {_SUBJECT.get()}".strip()
    amount = f"{total} {unit}{'' if total == 1 else 's'}"
    start = time.perf_counter()
    say(f"{named}: {amount} by {engine} …")
    with bar(total, f"{named} by {engine}", unit) as shown:
        yield shown.update
    say(f"{named}: {amount} by {engine} in {time.perf_counter() - start:.1f} s")


def say(line: str) -> None:
    """Print a line on stderr if lines are asked for and no bar is shown."""
    if _LINES.get() and hidden() and not silent():
        print(f"retold: {line}", file=sys.stderr, flush=True)


def _in_notebook() -> bool:
    """Whether this is a kernel, whose stderr is no terminal but shows bars all the same."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and "IPKernelApp" in shell.config
