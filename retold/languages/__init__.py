"""Word lists of each language, one TOML file a language: what segmenting and fact extraction know of it."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Any

from retold.records import RetoldError

LANGUAGES = ("en", "id", "nl")


@functools.cache
def words(language: str) -> dict[str, Any]:
    """The tables of one language's file.

    Raises RetoldError for a language without a file.
    """
    path = files(__name__) / f"{language}.toml"
    if not path.is_file():
        raise RetoldError(f"language {language!r} is not supported; supported are {', '.join(LANGUAGES)}")
    return tomllib.loads(path.read_text(encoding="utf-8"))
