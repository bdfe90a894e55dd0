"""The reviewed memory: translations that people stand for, used before any engine is asked."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path

from retold.records import Translation
from retold.store import Store
from retold.translate import tmx

FOLDER = Path("data") / "memory"  # relative to the folder retold is started in
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


class Memory:
    """Reviewed translations from the TMX files of a folder and from the store, read afresh at each call.

    folder: where the `*.tmx` lie; a missing one is an empty memory. What stands in the store overrules the files (it
    is the analyst's own), and a later file or unit an earlier one.
    """

    name = "memory"

    def __init__(self, store: Store, folder: Path = FOLDER) -> None:
        self.store = store
        self.folder = folder

    def units(self) -> list[tmx.Unit]:
        """Everything reviewed, the files' before the store's. Raises RetoldError for a TMX file that cannot be read."""
        files = sorted(self.folder.glob("*.tmx")) if self.folder.is_dir() else []
        some = [unit for file in files for unit in tmx.read(file)]
        # A store that was never written to is not made just to find it empty.
        rows = self.store.reviewed() if self.store.path.exists() else []
        return some + [tmx.Unit(r.source, r.language, r.english, r.author, r.date) for r in rows]

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
