"""Encoders: texts of any language into vectors of one space. Nothing is loaded before the first text comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retold.encode.bundled import Bundled
from retold.encode.hub import MODELS, Hub
from retold.records import Encoder, RetoldError

if TYPE_CHECKING:
    from retold.translate.models import Engine

ENGINES = ("bundled", *MODELS)


def encoder(name: str = "auto") -> Encoder:
    """Open an encoder by name: `bundled`, `labse`, `e5-base`, `bge-m3`, or the folder of a sentence-transformers model.

    `auto` is the bundled one, which the aligner's probabilities are fitted to; where it is not installed, the first
    hub model found in the local cache. Never downloads. Raises RetoldError for an unknown name and for an engine that
    is not there, naming the command that fetches it.
    """
    if name == "auto":
        if Bundled().missing() is None:
            return Bundled()
        cached = [model for model in MODELS if Hub(model).missing() is None]
        return Hub(cached[0]) if cached else _present(Bundled())
    if name == "bundled":
        return _present(Bundled())
    if name in MODELS or Path(name).is_dir():
        return _present(Hub(name))
    raise RetoldError(
        f"encoder {name!r} is not known; known are auto, {', '.join(ENGINES)} and the path of a local folder"
    )


def engines() -> list[Engine]:
    """The encoders: what is here, and the command that fetches what is not."""
    from retold.translate.models import Engine, model

    rows = []
    for name in ENGINES:
        why = (Bundled() if name == "bundled" else Hub(name)).missing()
        licence = "MIT" if name == "bundled" else model(name).licence
        rows.append(Engine(name, "any", licence, why is None, why.rsplit(": ", 1)[-1] if why else ""))
    return rows


def _present(engine: Bundled | Hub) -> Encoder:
    why = engine.missing()
    if why is not None:
        raise RetoldError(why)
    return engine
