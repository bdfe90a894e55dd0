"""Pre-segmented pairs in, links, beads and changes out: one JSON object a line on both sides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retold import files, findings
from retold.align import align
from retold.languages import LANGUAGES
from retold.records import Alignment, Encoder, Finding, RetoldError, Side

_KEYS = ("id", "language", "original", "version")


def _texts(row: dict[str, Any], key: str, where: str) -> list[str]:
    value = row[key]
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise RetoldError(f"{where}: {key!r} is {type(value).__name__}; allowed is a list of strings")
    for text in value:
        _whole(text, key, where)
    return value


def _whole(text: str, key: str, where: str) -> str:
    """The text, which JSON lets hold half of a surrogate pair: no UTF-8 file can."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = f"U+{ord(text[error.start]):04X}"
        raise RetoldError(f"{where}: {key!r} holds {half}, half of a character; allowed is whole Unicode") from None
    return text


def pair(line: str | bytes, where: str) -> tuple[str, str, list[str], list[str]]:
    """(id, language, original, version) of one line. Raises RetoldError that begins with `where`."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RetoldError(f"{where}: not JSON ({error})") from None
    if not isinstance(row, dict) or any(key not in row for key in _KEYS):
        raise RetoldError(f"{where}: an object with the keys {', '.join(_KEYS)} is needed")
    if row["language"] not in LANGUAGES:
        raise RetoldError(f"{where}: language {row['language']!r}; allowed are {', '.join(LANGUAGES)}")
    id = _whole(str(row["id"]), "id", where)
    return id, row["language"], _texts(row, "original", where), _texts(row, "version", where)


def read(path: Path) -> Iterator[tuple[str, Side, Side]]:
    """(id, original, version) of each line. Raises RetoldError that names the file and the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise RetoldError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RetoldError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        id, language, first, second = pair(line, f"{path}, line {number}")
        yield id, Side.of_sentences(first, "en"), Side.of_sentences(second, language)


def change(finding: Finding) -> dict[str, object]:
    """A finding as the batch format writes it."""
    keys = ("facet", "type", "original", "version", "before", "after")
    return {key: getattr(finding, key) for key in keys} | {"confidence": round(finding.confidence, 4)}


def result(id: str, alignment: Alignment, found: tuple[Finding, ...] | None) -> dict[str, object]:
    """One line of the output; `changes` is left out where no facts were asked for."""
    row: dict[str, object] = {
        "id": id,
        "links": [[link.original, link.version, round(link.probability, 4)] for link in alignment.links],
        "beads": [[list(bead.original), list(bead.version)] for bead in alignment.beads],
    }
    if found is not None:
        row["changes"] = [change(f) for f in found]
    return row


def run(source: Path, target: Path, encoder: Encoder, *, facts: bool = True) -> int:
    """Compare every line of `source`; write `target` whole or not at all. Returns the number of lines."""
    rows = list(read(source))
    if not target.parent.is_dir():
        raise RetoldError(f"{target}: its folder {target.parent} does not exist")
    try:
        with files.making(target.parent) as making:
            part = making / target.name
            with part.open("w", encoding="utf-8") as out:
                for id, original, version in rows:
                    alignment = align(original, version, encoder)
                    found = findings.compare(original, version, alignment, encoder=encoder)[0] if facts else None
                    out.write(json.dumps(result(id, alignment, found), ensure_ascii=False) + "\n")
            part.replace(target)
    except OSError as error:
        raise files.unwritable(target, error) from error
    return len(rows)
