"""A story folder read and checked: the manifest `story.toml` and the documents it names."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

from rapidfuzz import process

from retold.formats import plain, text_of
from retold.hidden import blank, hidden
from retold.languages import LANGUAGES
from retold.records import CONTENT_KINDS, DATED, ROLES, Document, RetoldError, Story
from retold.segment import segment

MANIFEST = "story.toml"
_STORY_KEYS = ("id", "title", "documents")
_DOCUMENT_KEYS = ("id", "file", "language", "role", "publisher", "note", "sha256")
_MAY_HAVE = ("date", "dated", "url")
# What a language is told from: ours, and the others that news pages mostly come in. Malay, Afrikaans and Javanese stay
# out: no identifier tells them from Indonesian and Dutch surely enough to warn.
_PLAUSIBLE = ("en", "id", "nl", "ar", "de", "es", "fr", "it", "ja", "ko", "pl", "pt", "ru", "sv", "tr", "vi", "zh")
SURE = 0.9  # the identifier's own probability, in [0, 1]
_TOLD_FROM = 4_000  # characters are plenty to tell a language


def read(folder: str | Path) -> Story:
    """Read a story folder: its manifest and every document, each checked against its checksum.

    A plain text is the file's characters as they stand: no line ending is translated, no UTF-8 mark dropped. Of a web
    page, a Markdown file and a Word document the text is what `formats.text_of` reads in it. A document whose sentences
    look like another language than the manifest says gives a warning in `Story.warnings`. Raises RetoldError, in one
    sentence, for anything missing, misspelt, changed, unreadable or outside the folder.
    """
    path = Path(folder)
    if not path.is_dir():
        wrong = "is not a folder" if path.exists() else "does not exist"
        raise RetoldError(f"story folder {str(folder)!r} {wrong}; give one that holds {MANIFEST}")
    manifest = path / MANIFEST
    table = _manifest(manifest)
    _check_keys(table, _STORY_KEYS, str(manifest))
    rows = table["documents"]
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise RetoldError(f"{manifest}: documents is {_shown(rows)}; it has to be one or more [[documents]] tables")
    documents = tuple(_document(path, row, f"{manifest}, document {n}") for n, row in enumerate(rows, start=1))
    check_together(documents, str(manifest))
    warnings = (*language_warnings(documents), *hidden_warnings(documents))
    return Story(_text(table, "id", str(manifest)), _text(table, "title", str(manifest)), documents, warnings)


def _manifest(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise RetoldError(f"story folder {str(path.parent)!r} has no {MANIFEST}; data/README.md says what stands in it")
    try:
        return tomllib.loads(_decoded(path))
    except tomllib.TOMLDecodeError as error:
        raise RetoldError(f"{path} is not valid TOML: {error}") from error  # the error names line and column
    except (RecursionError, ValueError) as error:  # brackets in thousands, a number of thousands of digits
        raise RetoldError(f"{path} cannot be read as TOML: {error}") from None


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RetoldError(f"{path} cannot be read: {error.strerror}") from error
    return plain.text(data, path)


def _check_keys(table: dict[str, Any], needed: tuple[str, ...], where: str, may: tuple[str, ...] = ()) -> None:
    allowed = (*needed, *may)
    for key in table:
        if key not in allowed:
            near = process.extractOne(key, allowed, score_cutoff=60)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise RetoldError(f"{where} has an unknown key {key!r}{hint} (allowed: {', '.join(allowed)})")
    for key in needed:
        if key not in table:
            raise RetoldError(f"{where} lacks the key {key!r} (needed: {', '.join(needed)})")


def _text(table: dict[str, Any], key: str, where: str, *, empty: bool = False) -> str:
    value = table[key]
    if not isinstance(value, str) or not (empty or value.strip()):
        raise RetoldError(f"{where}: {key} is {_shown(value)}; it has to be {'a' if empty else 'a non-empty'} string")
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _document(folder: Path, row: dict[str, Any], where: str) -> Document:
    _check_keys(row, _DOCUMENT_KEYS, where, _MAY_HAVE)
    id = _text(row, "id", where)
    where = f"{folder / MANIFEST}, document {id!r}"
    language = _choice(row, "language", LANGUAGES, where)
    role = _choice(row, "role", ROLES, where)
    date = row.get("date")
    if "date" in row and (not isinstance(date, datetime.date) or isinstance(date, datetime.datetime)):
        raise RetoldError(f"{where}: date is {_shown(date)}; it has to be a bare date like 2025-12-10, without quotes")
    dated = _choice(row, "dated", DATED, where) if "dated" in row else "exact"
    publisher, note = _text(row, "publisher", where), _text(row, "note", where, empty=True)
    url = _url(row.get("url", ""), where)
    file, data = _bytes(folder, _text(row, "file", where), where)
    _check_sum(data, _text(row, "sha256", where), file, where)
    text = filled(data, file)
    return Document(id, language, role, publisher, date, text, row["file"], note, url, dated)  # type: ignore[arg-type]


def filled(data: bytes, file: Path) -> str:
    """The text of a document's file. Raises RetoldError where it cannot be read or has no text."""
    text = text_of(data, file)
    if blank(text):
        raise RetoldError(f"{file} is empty; a document needs some text")
    return text


def _url(value: object, where: str) -> str:
    if not isinstance(value, str) or (value and not re.fullmatch(r"https?://\S+", value)):
        raise RetoldError(f"{where}: url is {_shown(value)}; it has to begin with https:// or http://")
    return value


def _choice(row: dict[str, Any], key: str, allowed: tuple[str, ...], where: str) -> str:
    value = _text(row, key, where)
    if value not in allowed:
        raise RetoldError(f"{where}: unknown {key} {value!r}; allowed are {', '.join(allowed)}")
    return value


def _bytes(folder: Path, name: str, where: str) -> tuple[Path, bytes]:
    """A document's file, which has to lie in the story's folder: a story from others reads nothing else here."""
    path = folder / name
    relative = PurePosixPath(name.replace("\\", "/"))
    leaves = relative.is_absolute() or ".." in relative.parts or Path(name).is_absolute() or ":" in name.split("/")[0]
    try:
        leaves = leaves or not path.resolve().is_relative_to(folder.resolve())
    except (RuntimeError, OSError, ValueError) as error:  # a link to itself, a name too long, a NUL in it
        raise RetoldError(f"{where}: file {_shown(name)} cannot be found ({error})") from None
    if leaves:
        raise RetoldError(f"{where}: file {name!r} leaves the story folder; give a path inside {str(folder)!r}")
    if not path.is_file():
        raise RetoldError(
            f"{where}: file {name!r} {'is no file' if path.exists() else 'is missing'} in {str(folder)!r}"
        )
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise RetoldError(f"{where}: {path} cannot be read: {error.strerror}") from error


def _check_sum(data: bytes, given: str, file: Path, where: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if given.lower() != found:
        raise RetoldError(
            f"{where}: {file} has the sha256 {found[:12]}…, the manifest says {given[:12]}…; "
            "restore the file, or put the new sha256 into the manifest if the change is meant"
        )


def check_together(documents: tuple[Document, ...], where: str) -> None:
    """Raise RetoldError, which begins with `where`, unless ids and files are unique and one original is English."""
    for name in ("id", "file"):
        seen: set[str] = set()
        for document in documents:
            value = getattr(document, name)
            if value and value in seen:
                raise RetoldError(f"{where}: two documents have the {name} {value!r}; each needs its own")
            seen.add(value)
    originals = [d for d in documents if d.role == "original"]
    if len(originals) != 1:
        named = f" ({', '.join(repr(d.id) for d in originals)})" if originals else ""
        raise RetoldError(
            f"{where}: {len(originals)} documents have the role 'original'{named}; a story has exactly one"
        )
    if originals[0].language != "en":
        raise RetoldError(
            f"{where}: the original {originals[0].id!r} is in {originals[0].language!r}; it has to be English ('en')"
        )


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_PLAUSIBLE))
    return identifier


def language_warnings(documents: tuple[Document, ...]) -> tuple[str, ...]:
    """A sentence for each document whose own sentences look like another language than it is said to be in."""
    return tuple(w for w in map(_language_warning, documents) if w)


def looks_like(document: Document) -> tuple[str, float] | None:
    """The language that a document's own sentences (without page chrome) look like, and the identifier's probability.

    None where there is too little to tell by. The languages are those that news pages mostly come in, not ours alone.
    """
    sentences: list[str] = []
    room = _TOLD_FROM
    # The segments of the beginning tell: a long text is not cut here for a second time.
    for s in segment(dataclasses.replace(document, text=document.text[: 4 * _TOLD_FROM])):
        if s.kind in CONTENT_KINDS and room > 0:
            sentences.append(s.text[:room])
            room -= len(s.text)
    text = " ".join(sentences)
    if len(text) < 40:
        return None
    language, probability = _identifier().classify(text)
    return str(language), float(probability)


def _language_warning(document: Document) -> str:
    """A warning where a document looks like another language than it is said to be in, else ""."""
    language, probability = looks_like(document) or (document.language, 1.0)
    if language == document.language or probability < SURE:
        return ""
    return (
        f"{_named(document)} is said to be in {document.language!r} "
        f"but looks like {language!r} (probability {probability:.2f})"
    )


def hidden_warnings(documents: tuple[Document, ...]) -> tuple[str, ...]:
    """A warning for each document that holds characters which a reader does not see or takes for others."""
    found = [(d, hidden(d.text)) for d in documents]
    return tuple(
        f"{_named(d)} holds {what}: on a screen it may read otherwise than it was compared" for d, what in found if what
    )


def _named(document: Document) -> str:
    """A document and the file it came from, if it has one."""
    return f"document {document.id!r}" + (f" ({document.file})" if document.file else "")
