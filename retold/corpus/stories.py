"""A story of a corpus: where it is found, and how it is put together from texts that have no folder of their own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retold.languages import LANGUAGES
from retold.records import ROLES, Document, RetoldError, Segment, Story
from retold.story import check_together, hidden_warnings, language_warnings

Cut = Mapping[str, tuple[Segment, ...]]  # the segments of the documents that come already cut, by document id
Found = tuple[Story, Cut, Path | None]  # with the review file, of a story that may have one
Opener = Callable[[], AbstractContextManager[Found]]  # raises what is wrong with this one story


@dataclass(frozen=True, slots=True)
class Entry:
    """One story of a source. place: where the source finds it; digest: of its content; fault: why it is not read."""

    story: str
    place: tuple[Any, ...]
    digest: str
    fault: str = ""


def of_rows(id: str, rows: Sequence[Mapping[str, Any]], where: str) -> tuple[Story, Cut]:
    """A story of documents given as rows: role, language and text; document, publisher, date and title if known.

    A text that is a list of strings is already cut into sentences. A document without a name is called `original`, or
    by its language. Raises RetoldError, which begins with `where`, for what makes no story.
    """
    documents: list[Document] = []
    cut: dict[str, tuple[Segment, ...]] = {}
    for row in rows:
        role, language, text = row["role"], row["language"], row["text"]
        for key, value, allowed in (("role", role, ROLES), ("language", language, LANGUAGES)):
            if value not in allowed:
                raise RetoldError(f"{where}: unknown {key} {value!r}; allowed are {', '.join(allowed)}")
        name = str(row.get("document") or _free("original" if role == "original" else language, documents))
        if isinstance(text, list):
            text, cut[name] = _joined(text, f"{where}, document {name!r}")
        elif not isinstance(text, str) or not text.strip():
            raise RetoldError(f"{where}: the text of {name!r} is empty; a document needs some text")
        date = _date(row.get("date"), where)
        documents.append(Document(name, language, role, str(row.get("publisher") or ""), date, text))
    check_together(tuple(documents), where)
    title = next((str(row["title"]) for row in rows if row.get("title")), id)
    warned = language_warnings(tuple(d for d in documents if d.id not in cut))
    return Story(id, title, tuple(documents), (*warned, *hidden_warnings(tuple(documents)))), cut


def _free(name: str, documents: Sequence[Document]) -> str:
    """`nl`, or `nl-2` where a document is called `nl` already."""
    taken = {d.id for d in documents}
    return next(x for n in range(1, len(taken) + 2) if (x := name if n == 1 else f"{name}-{n}") not in taken)


def _joined(texts: list[Any], where: str) -> tuple[str, tuple[Segment, ...]]:
    """Sentences as one text, and the segments that they are in it."""
    if not all(isinstance(text, str) for text in texts):
        raise RetoldError(f"{where}: a text in sentences holds something else than strings")
    segments, start = [], 0
    for n, text in enumerate(texts):
        segments.append(Segment(n, start, start + len(text), "sentence", text))
        start += len(text) + 1
    return "\n".join(texts), tuple(segments)


def _date(value: Any, where: str) -> datetime.date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise RetoldError(f"{where}: date is {value!r}; it has to be a date like 2025-12-10") from None
