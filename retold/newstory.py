"""A new story folder from an analyst's own files: the copies, and a manifest with what is known or guessed of each."""

from __future__ import annotations

import datetime
import hashlib
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from retold import story as story_
from retold.formats import page
from retold.languages import LANGUAGES
from retold.naming import language_name
from retold.records import Document, RetoldError, Role
from retold.segment import segment

_HEAD = "# Made by `retold new`; data/README.md says what each key means. Put right what is wrong.\n"
_TITLE_MOST = 90


@dataclass(frozen=True, slots=True)
class Source:
    """One document to make a story of. What is left empty is read from the file or guessed, and said in its note."""

    file: str | Path
    role: Role = "version"
    language: str = ""  # ISO 639-1
    date: datetime.date | None = None
    outlet: str = ""
    url: str = ""
    id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewStory:
    """A folder that was made, and its documents. Serves wherever a path to the folder does."""

    folder: Path
    documents: tuple[Document, ...]

    def __fspath__(self) -> str:
        return str(self.folder)

    def __str__(self) -> str:
        lines = [f"{self.folder / story_.MANIFEST}: {len(self.documents)} documents"]
        for d in self.documents:
            about = [d.role, language_name(d.language), d.publisher, d.date.isoformat() if d.date else "undated"]
            lines.append(f"  {d.id}: {', '.join(about)}" + (f". {d.note}" if d.note else ""))
        return "\n".join(lines)

    __repr__ = __str__


def new(
    folder: str | Path,
    *,
    original: str | Path | Mapping[str, Any],
    versions: Iterable[str | Path | Mapping[str, Any]] = (),
    related: Iterable[str | Path | Mapping[str, Any]] = (),
    title: str = "",
) -> NewStory:
    """Make a story folder of files: copies of them, byte for byte, and a `story.toml`.

    >>> retold.new("my-story", original="a.txt", versions=[{"file": "b.html", "language": "nl"}])

    A file is given by its path, or as a table of `file` and any of `language`, `date`, `outlet`, `url`, `id`, `note`.
    Raises RetoldError where the folder exists, a file cannot be read, or a language cannot be told; nothing is made
    then.
    """
    sources = [_source(original, "original")]
    sources += [_source(given, "version") for given in versions]
    sources += [_source(given, "related") for given in related]
    return make(folder, sources, title=title)


def make(folder: str | Path, sources: Iterable[Source], *, title: str = "") -> NewStory:
    """Make a story folder of sources, of which exactly one is the original. As `new`."""
    target = Path(folder)
    if target.exists() or target.is_symlink():
        raise RetoldError(f"{target} exists already and was left as it is; name a folder that does not")
    some = list(sources)
    if sum(s.role == "original" for s in some) != 1 or len(some) < 2:
        roles = ", ".join(s.role for s in some) or "nothing"
        raise RetoldError(f"a story is one original and at least one version or related document; given: {roles}")
    taken = {"id": {""}, "file": {"", story_.MANIFEST}}
    documents = dict(_document(s, taken) for s in some)
    heading = " ".join(title.split()) or _heading(next(d for d in documents if d.role == "original"))
    rows = [_row(d, data) for d, data in documents.items()]
    table = {"id": _free(target.resolve().name, {""}), "title": heading, "documents": rows}
    _put(target, table, {d.file: data for d, data in documents.items()})
    return NewStory(target, tuple(documents))


def _source(given: str | Path | Mapping[str, Any], role: Role) -> Source:
    if not isinstance(given, Mapping):
        return Source(given, role)
    names = [f.name for f in fields(Source) if f.name != "role"]
    wrong = [key for key in given if key not in names]
    if wrong or "file" not in given:
        fault = f"has the unknown key {wrong[0]!r}" if wrong else "lacks the key 'file'"
        raise RetoldError(f"the table of a {role} {fault}; allowed are {', '.join(names)}")
    return Source(**{**given, "role": role})


def _document(source: Source, taken: dict[str, set[str]]) -> tuple[Document, bytes]:
    """A source as a document of the story, and its bytes."""
    path = Path(source.file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RetoldError(f"{path} cannot be read: {error.strerror}") from error
    text = story_.filled(data, path)
    said = page.said_in(data, path)
    url = source.url or said.url
    outlet = source.outlet.strip() or said.outlet or _host(url) or "unknown"
    date = _date(source.date, path) or said.date
    name = _free(path.stem, taken["file"], path.suffix)
    id = source.id or _free(path.stem, taken["id"])
    language, guessed = _language(source.language, Document(id, "en", source.role, outlet, date, text, name), path)
    notes = [source.note, guessed]
    if date and not source.date:
        notes.append("The date is the page's own.")
    if not date:
        notes.append("No date was given.")
    note = " ".join(n for n in notes if n)
    return Document(id, language, source.role, outlet, date, text, name, note, url), data


def _date(given: object, path: Path) -> datetime.date | None:
    """A date given as such or as text, such as a notebook's parameter has it."""
    if given is None or given == "":
        return None
    if isinstance(given, datetime.datetime):
        return given.date()
    if isinstance(given, datetime.date):
        return given
    try:
        return datetime.date.fromisoformat(str(given))
    except ValueError:
        raise RetoldError(f"{path}: the date {str(given)!r} is none; write it like 2025-12-10") from None


def _language(given: str, document: Document, path: Path) -> tuple[str, str]:
    """The document's language, and the note that says so where it was guessed."""
    if given:
        if given not in LANGUAGES:
            raise RetoldError(f"{path}: unknown language {given!r}; allowed are {', '.join(LANGUAGES)}")
        return given, ""
    code, probability = story_.looks_like(document) or ("", 0.0)
    if not code or probability < story_.SURE:
        raise RetoldError(f"{path}: its language cannot be told from its words; give it: {', '.join(LANGUAGES)}")
    if code not in LANGUAGES:
        raise RetoldError(
            f"{path} looks like {language_name(code)} ({code}), which is not supported; if it is not that, give its "
            f"language: {', '.join(LANGUAGES)}"
        )
    return code, f"The language was guessed from its words (probability {probability:.2f})."


def _heading(original: Document) -> str:
    segments = segment(original)
    best = next((s for s in segments if s.kind == "title"), None) or segments[0]
    words = " ".join(best.text.split())
    return words if len(words) <= _TITLE_MOST else words[: _TITLE_MOST - 1].rsplit(" ", 1)[0] + "…"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def _free(stem: str, taken: set[str], ending: str = "") -> str:
    """A short name of plain characters that no file system minds, told apart from those taken; it is taken then."""
    wrong, instead = (r"[^\w .()+-]+", "_") if ending else (r"[^\w.-]+", "-")
    plain = re.sub(wrong, instead, stem).strip(" .-")[:80] or "document"
    ending = re.sub(r"[^\w.]", "", ending)
    name, n = f"{plain}{ending}", 1
    while name.casefold() in taken:
        n += 1
        name = f"{plain}-{n}{ending}"
    taken.add(name.casefold())
    return name


def _row(d: Document, data: bytes) -> dict[str, Any]:
    row = {"id": d.id, "file": d.file, "language": d.language, "role": d.role, "publisher": d.publisher}
    known = {key: value for key, value in (("date", d.date), ("url", d.url)) if value}
    return row | known | {"note": d.note, "sha256": hashlib.sha256(data).hexdigest()}


def _put(target: Path, table: dict[str, Any], files: dict[str, bytes]) -> None:
    """Make the folder whole beside its place, read it as every run will, then move it there in one step."""
    import tomli_w

    parent = target.parent
    while not parent.exists():
        parent = parent.parent
    try:
        with tempfile.TemporaryDirectory(dir=parent, prefix=".new-") as making:
            made = Path(making, target.name)
            made.mkdir()
            for name, data in files.items():
                (made / name).write_bytes(data)
            (made / story_.MANIFEST).write_text(_HEAD + tomli_w.dumps(table), encoding="utf-8")
            try:
                story_.read(made)
            except RetoldError as error:
                raise RetoldError(str(error).replace(str(made), str(target))) from None
            target.parent.mkdir(parents=True, exist_ok=True)
            made.rename(target)
    except OSError as error:
        raise RetoldError(f"{target} cannot be made: {error.strerror or error}") from error
