"""Characters that a reader cannot see or takes for others: a document that holds them says so in a warning."""

from __future__ import annotations

import re
import unicodedata

# Marks that turn the direction of what follows (Unicode Standard Annex 9), which can show a text in another order.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Zero-width characters, invisible operators and tags; not the joiner inside an emoji, nor the mark that opens a file.
_INVISIBLE = re.compile(
    "[\u180e\u200b\u200c\u200e\u200f\u2060-\u2064\ufeff\U000e0001\U000e0020-\U000e007f]|(?<=\\w)\u200d|\u200d(?=\\w)"
)
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# A Latin word with a Cyrillic or Greek letter in it (the micro sign and the ohm are units).
_WORD = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]{3,}")
_LATIN, _OTHER = re.compile("[A-Za-z\u00c0-\u024f]"), re.compile("[\u0370-\u052f]")
_NOTHING = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})


def blank(text: str) -> bool:
    """Whether nothing of the text would be seen."""
    return all(c.isspace() or unicodedata.category(c) in _NOTHING for c in text)


def hidden(text: str) -> str:
    """What a text hides, in words: `2 invisible characters (first U+200B at 14)`; "" if nothing.

    Places are character offsets from 0.
    """
    body = text.removeprefix("\ufeff")
    shift = len(text) - len(body)
    found = []
    for what, pattern in (
        ("direction mark{}", _TURNING),
        ("invisible character{}", _INVISIBLE),
        ("control character{}", _CONTROL),
    ):
        some = [m for m in pattern.finditer(body) if m.group()]
        if some:
            count = f"{len(some)} {what.format('s' if len(some) > 1 else '')}"
            found.append(f"{count} (first U+{ord(some[0].group()):04X} at {some[0].start() + shift})")
    # Few texts hold such a letter at all: most are spared the walk through their words.
    words = _WORD.finditer(body) if _OTHER.search(body) else ()
    mixed = [m for m in words if _OTHER.search(m.group()) and _LATIN.search(m.group())]
    if mixed:
        count = f"{len(mixed)} word{'s' if len(mixed) > 1 else ''}"
        found.append(f"{count} with letters of two scripts (first at {mixed[0].start() + shift})")
    return ", ".join(found)


def shown(text: str) -> str:
    """The text as a terminal may show it: control characters and marks that turn its direction as escapes."""
    return re.sub(
        f"{_CONTROL.pattern}|{_TURNING.pattern}|[\\ud800-\\udfff]",
        lambda m: m.group().encode("unicode_escape").decode(),
        text,
    )
