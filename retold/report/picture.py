"""A drawn figure as a notebook shows it: a PNG, and words where no picture can be seen."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with the words that stand for it."""

    png: bytes
    words: str

    def save(self, path: str | Path) -> Path:
        """Write the PNG to a file; returns its path."""
        Path(path).write_bytes(self.png)
        return Path(path)

    def _repr_png_(self) -> bytes:
        return self.png

    def __repr__(self) -> str:
        return f"<Picture: {self.words}>"


def of(figure: Any, words: str, *, dpi: int = 110) -> Picture:
    """A matplotlib Figure as a Picture; the same figure gives the same bytes."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return Picture(out.getvalue(), words)
