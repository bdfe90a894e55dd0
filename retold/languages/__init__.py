"""What the package knows of each language: word lists, one TOML file a language, and glossaries into English."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
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


@functools.cache
def glossary(language: str) -> Mapping[str, tuple[str, ...]]:
    """A language's words, as written in running text, the commonest first → the English that may stand for each.

    English likeliest first, in words or short phrases. Empty for a language without a glossary.

    >>> glossary("nl")["daalden"]
    ('fell', 'dropped', 'declined')
    """
    return _table(f"glossary.{language}.tsv")


@functools.cache
def thesaurus(language: str) -> Mapping[str, tuple[str, ...]]:
    """A language's words in their base form, the commonest first → what may be written for each to tell the same.

    An irregular form has one answer, its base form after "=". Empty for a language without a thesaurus.
    """
    return _table(f"thesaurus.{language}.tsv")


def _table(name: str) -> Mapping[str, tuple[str, ...]]:
    path = files(__name__) / name
    if not path.is_file():
        return {}
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    rows = (line.split("\t") for line in lines)
    return {word: tuple(answers.split("; ")) for word, answers in rows}
