"""Spelling, folded so that one name looks alike across languages."""

from __future__ import annotations

import functools
import re
import unicodedata


def fold(text: str) -> str:
    """Lower case without accents, apostrophes, possessive endings and the stops of U.S. and A.I.

    >>> fold("Nvidia’s")
    'nvidia'
    """
    return text.lower() if text.isascii() and text.isalnum() else _folded(text)


@functools.lru_cache(100_000)
def _folded(text: str) -> str:
    text = re.sub(r"(?<=\b\w)\.(?=\w\b|$|\s)", "", text)
    text = re.sub(r"['’`](?:s|S)?\b", "", text)
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in text if not unicodedata.combining(c))


# Correspondences of Latin spellings: Indonesian and Dutch write c/k/q, ph/f, y/i/j, oe/u, x/ks, th/t as one sound.
_SOUNDS = [("ph", "f"), ("th", "t"), ("tio", "si"), ("ck", "k"), ("qu", "kw"), ("x", "ks"), ("oe", "u"), ("ou", "u"),
           ("ch", "k"), ("sh", "s"), ("sch", "s"), ("kh", "k"), ("c", "k"), ("q", "k"), ("y", "i"), ("j", "i"),
           ("z", "s"), ("v", "f"), ("w", "f"), ("b", "p"), ("d", "t"), ("g", "k")]  # fmt: skip


@functools.lru_cache(100_000)
def sound(text: str) -> str:
    """A folded word by its rough sound: spellings the two languages would give one name come out alike."""
    text = fold(text)
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", text)
