"""retold: how was this wire story retold?

>>> import retold
>>> story = retold.load("data/stories/h200")   # reads and checks; loads no model yet
>>> nl = story.compare("nl")                   # translate, align, find the differences
>>> nl.findings                                # a table, most important first
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["RetoldError", "load", "new"]


def __getattr__(name: str) -> Any:  # importing the package stays light: nothing is imported before it is used
    if name == "load":
        from retold.compare import load

        return load
    if name == "new":
        from retold.newstory import new

        return new
    if name == "RetoldError":
        from retold.records import RetoldError

        return RetoldError
    raise AttributeError(f"module 'retold' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
