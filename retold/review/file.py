"""`review.toml`, a story's review file: read, added to and taken from, and never rewritten as a whole.

One `[[decisions]]` table a decision, in the order decided, one key a line: a new decision is a block of added lines in
a diff, and nothing else in the file changes. What a person wrote around the tables stays as it stands.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import process

from retold import files
from retold.records import FACETS, RetoldError
from retold.review.decision import SUBJECTS, VERDICTS, Decision

NAME = "review.toml"
WAIT = 30.0  # seconds that one process waits for another's write
HEAD = (
    "# What was decided about this story, in the order decided; the last word on a thing counts. retold adds to this\n"
    "# file at each decision and keeps what it finds. docs/design.md explains the keys.\n"
)
_TYPES = ("added", "dropped", "changed", "moved")
_NUMBERS = ("original_nth", "version_nth")
_KEYS = (
    "on", "decision", "document", "original", "original_nth", "version", "version_nth", "type", "facet", "before",
    "after", "becomes", "english", "machine", "comment", "author", "date", "signature",
)  # fmt: skip
_BECOMES = ("type", "facet", "before", "after")
_START = re.compile(r"^[ \t]*\[\[[ \t]*decisions[ \t]*\]\][ \t]*(#.*)?$")


class ReviewFile:
    """One review file. Reading and writing raise RetoldError, naming file and line, and leave a bad file as it is."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def stamp(self) -> tuple[int, int, int] | None:
        """Changes whenever the file does; None where there is no file."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def read(self) -> tuple[Decision, ...]:
        """Every decision in the file's order; none where there is no file."""
        return parse(self._text(), self.path)

    def add(self, made: Sequence[Decision]) -> tuple[Decision, ...]:
        """Put decisions at the file's end, on disk when this returns; returns all that the file now holds."""
        with self._locked():
            text = self._text()
            parse(text, self.path)  # nothing is added to a file that cannot be read
            blocks = "".join("\n" + block(d) for d in made)
            return self._replace((text.rstrip("\n") + "\n" if text.strip() else HEAD) + blocks)

    def remove(self, some: Sequence[Decision]) -> tuple[Decision, ...]:
        """Take decisions out again; one that is no longer there is left off. Returns all that the file now holds."""
        with self._locked():
            text = self._text()
            lines = text.split("\n")
            starts = _starts(text)
            doomed: set[int] = set()
            for d in some:
                same = [have.line - 1 for have in parse(text, self.path) if have == d]
                if same:
                    doomed.update(_extent(lines, starts, same[-1]))
            kept = "\n".join(line for n, line in enumerate(lines) if n not in doomed)
            return self._replace(re.sub(r"\n{3,}", "\n\n", kept).rstrip("\n") + "\n") if doomed else self.read()

    def _text(self) -> str:
        try:
            return self.path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError as error:
            line = self.path.read_bytes()[: error.start].count(b"\n") + 1
            raise RetoldError(f"{self.path}, line {line}: not valid UTF-8; save the file as UTF-8") from None
        except OSError as error:
            raise RetoldError(f"{self.path}: cannot be read ({error.strerror})") from None

    def _replace(self, text: str) -> tuple[Decision, ...]:
        made = parse(text, self.path)
        try:
            files.put(self.path, text.encode("utf-8"))
        except UnicodeEncodeError as error:
            raise RetoldError(f"{self.path}: cannot be written ({error}); the decision was not saved") from None
        except RetoldError as error:
            raise RetoldError(f"{error}; the decision was not saved") from None
        return made

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone with the file, whichever process or thread asks: a decision is read, added and written in one go."""
        import filelock

        lock = filelock.FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout=WAIT)
        try:
            lock.acquire()
        except filelock.Timeout:
            raise RetoldError(f"{self.path}: another process has held it for {WAIT:.0f} s; nothing was saved") from None
        except OSError as error:
            raise RetoldError(
                f"{self.path}: cannot be written ({error.strerror or error}); the decision was not saved"
            ) from None
        try:
            yield
        finally:
            lock.release()


def block(d: Decision) -> str:
    """A decision as the file holds it; keys that say nothing are left out."""
    lines = ["[[decisions]]"]
    for key in _KEYS:
        value = getattr(d, key)
        if key == "date":
            lines += [f"date = {value}"] if value else []
        elif key == "becomes":
            pairs = ", ".join(f"{name} = {_quoted(new)}" for name, new in value)
            lines += [f"becomes = {{ {pairs} }}"] if value else []
        elif key in _NUMBERS:
            lines += [f"{key} = {value}"] if value != 1 else []
        elif value:
            lines.append(f"{key} = {_quoted(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's, which also wants DEL escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse(text: str, path: Path) -> tuple[Decision, ...]:
    """The decisions of a review file's text. Raises RetoldError with the file and the line for anything amiss."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        why = re.sub(r" \(at .*\)$", "", str(error))
        raise RetoldError(f"{path}, line {line}: not valid TOML: {why[0].lower()}{why[1:]}") from None
    except (RecursionError, ValueError) as error:  # brackets in thousands, a number of thousands of digits
        raise RetoldError(f"{path}: cannot be read as TOML: {error}") from None
    for key in table:
        if key != "decisions":
            raise RetoldError(
                f"{path}, line {_line_of(text, key)}: unknown key {key!r} (allowed: [[decisions]] tables)"
            )
    rows = table.get("decisions", [])
    starts = _starts(text)
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise RetoldError(f"{path}, line {_line_of(text, 'decisions')}: decisions have to be [[decisions]] tables")
    if len(starts) != len(rows):
        raise RetoldError(f"{path}: {len(rows)} decisions, {len(starts)} lines [[decisions]]; write one above each")
    return tuple(_decision(row, n + 1, path, text) for row, n in zip(rows, starts, strict=True))


def _starts(text: str) -> list[int]:
    """The places of the lines that open a decision, from 0."""
    return [n for n, line in enumerate(text.split("\n")) if _START.match(line.rstrip("\r"))]


def _extent(lines: list[str], starts: list[int], start: int) -> range:
    """The lines of one decision, without comments and space that stand before the next."""
    end = next((n for n in starts if n > start), len(lines))
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return range(start, end)


def _line_of(text: str, key: str, start: int = 0) -> int:
    """The line, from 1, of the first key of that name at or after a line (from 0)."""
    lines = text.split("\n")
    wanted = re.compile(rf"^[ \t\[]*[\"']?{re.escape(key)}[\"']?[ \t\].=]")
    return next((n for n in range(start, len(lines)) if wanted.match(lines[n] + " ")), start) + 1


def _decision(row: dict[str, Any], line: int, path: Path, text: str) -> Decision:
    def wrong(key: str, why: str) -> RetoldError:
        return RetoldError(f"{path}, line {_line_of(text, key, line - 1) if key in row else line}: {why}")

    for key in row:
        if key not in _KEYS:
            near = process.extractOne(key, _KEYS, score_cutoff=60)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise wrong(key, f"unknown key {key!r}{hint} (allowed: {', '.join(_KEYS)})")
    values: dict[str, Any] = dict(row)
    for key, value in row.items():
        if key in _NUMBERS:
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise wrong(key, f"{key} is {value!r}; it has to be a whole number from 1")
        elif key == "date":
            if not isinstance(value, datetime.date):
                raise wrong(key, f"date is {value!r}; it has to be a TOML date or date-time without quotes")
            values[key] = value.isoformat()
        elif key == "becomes":
            if not isinstance(value, dict) or not all(k in _BECOMES and isinstance(v, str) for k, v in value.items()):
                raise wrong(key, f"becomes is {value!r}; it has to give strings for some of {', '.join(_BECOMES)}")
            values[key] = tuple(value.items())
        elif not isinstance(value, str):
            raise wrong(key, f"{key} is {value!r}; it has to be a string")
    for key, allowed in (("on", SUBJECTS), ("decision", VERDICTS)):
        if row.get(key) not in allowed:
            given = f"unknown {key} {row[key]!r}" if key in row else f"the decision lacks the key {key!r}"
            raise wrong(key, f"{given}; allowed are {', '.join(allowed)}")
    for key, known in (("type", _TYPES), ("facet", FACETS)):
        for value in (row.get(key), dict(values.get("becomes", ())).get(key)):
            if value is not None and value not in known:
                raise wrong(key if row.get(key) == value else "becomes",
                            f"unknown {key} {value!r}; allowed are {', '.join(known)}")  # fmt: skip
    needed = {"finding": ("document", "type", "facet"), "link": ("document", "original", "version")}
    for key in needed.get(row["on"], ("document", "version")):
        if not row.get(key):
            raise wrong(key, f"the decision on a {row['on']} lacks the key {key!r}")
    if row["on"] == "translation" and row["decision"] in ("accept", "edit") and not row.get("english", "").strip():
        raise wrong("english", f"the decision to {row['decision']} a translation lacks the key 'english'")
    return Decision(**values, line=line)
