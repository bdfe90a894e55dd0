"""The shared memory: TMX files of translations that people stand for, used before any engine is asked."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path

from retold.records import Translation
from retold.translate import tmx

FOLDER = Path("data") / "memory"  # relative to the folder retold is started in
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


class Memory:
    """Reviewed translations from the TMX files of a folder, read afresh at each call.

    folder: where the `*.tmx` lie; a missing one is an empty memory. A later file or unit overrules an earlier one. What
    was decided in a story's own review overrules them all (retold/review).
    """

    name = "memory"

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder

    def units(self) -> list[tmx.Unit]:
        """Every unit of every file. Raises RetoldError for a TMX file that cannot be read."""
        files = sorted(self.folder.glob("*.tmx")) if self.folder.is_dir() else []
        return [unit for file in files for unit in tmx.read(file)]

    @property
    def signature(self) -> str:
        units = self.units()
        if not units:
            return "memory empty"
        rows = json.dumps([[u.language, u.source, u.english] for u in units])
        return f"memory {len(units)} {hashlib.sha256(rows.encode()).hexdigest()[:12]}"

    def recall(self, texts: list[str], language: str) -> dict[int, Translation]:
        """The reviewed English of those texts that have one, by place in the list.

        An exact match wins over one that differs only in spaces, quotation marks, dashes or case; the latter
        carries a note saying so.
        """
        units = [u for u in self.units() if u.language == language]
        exact = {u.source: u for u in units}
        near = {_normal(u.source): u for u in units}
        found = {}
        for n, text in enumerate(texts):
            unit = exact.get(text) or near.get(_normal(text))
            if unit is None or not text.strip():
                continue
            notes = () if unit.source == text else ("memory match up to spaces, quotation marks, dashes or case",)
            by = f"memory {unit.author or 'unknown'} {unit.date or 'undated'}"
            found[n] = Translation(n, unit.english, self.name, by, notes)
        return found


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return re.sub(r"\s+", " ", plain).strip()
