"""Random input to every reader and rule: `python -m benchmarks.fuzz [--inputs N] [--seed N]`.

Each target gets N inputs: words of the trade, odd characters and pieces of markup, put together and mutated at random.
Allowed are a result that keeps its law (offsets slice back) and RetoldError in one sentence; all else ends the run.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from retold import batch, findings
from retold.facts import extract
from retold.formats import text_of
from retold.languages import LANGUAGES
from retold.records import Alignment, Bead, Document, Link, RetoldError, Side
from retold.review.file import parse
from retold.segment import segment
from retold.translate import tmx

PIECES = [
    "Mr. ",
    "12,5 percent",
    "$3.4 billion ",
    "“We ",
    "”, said ",
    "Anna Berg ",
    "on Monday. ",
    "\n\n",
    "\n",
    "\r\n",
    "\t",
    " ",
    "• ",
    "1. ",
    "## ",
    "\u200b",
    "\u202e",
    "\0",
    "\ufeff",
    "é",
    "e\u0301",
    "\U0001f600",
    "\u2028",
    "١٢",
    "½",
    "...",
    "<b>",
    "</b>",
    "<!--",
    "]]>",
    "&amp;",
    "&#0;",
    "{",
    "}",
    "[[decisions]]\n",
    'on = "link"\n',
    '"',
    "'",
    "\\",
    "\\ud800",
    "Menurut dua pejabat, ",
    "zei een woordvoerder ",
    "niet ",
    "mungkin ",
    "10 Desember 2025",
    "12.000",
    "-5",
    "=1+1",
    "<tuv xml:lang='nl'><seg>",
    "---\n",
    "|a|b|\n",
    "http://x.example/",
    "x" * 300,
    "9" * 40,
]


def words(chance: random.Random) -> str:
    """One input."""
    text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 30)))
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chr(chance.choice([chance.randrange(128), chance.randrange(0xD7FF)])) + text[at:]
    return text


def segments(text: str, chance: random.Random) -> None:
    some = segment(Document("d", chance.choice(list(LANGUAGES)), "version", "p", None, text))
    assert all(text[s.start : s.end] == s.text for s in some)
    assert all(a.end <= b.start for a, b in itertools.pairwise(some))


def facts(text: str, chance: random.Random) -> None:
    for f in extract(text, chance.choice(list(LANGUAGES))):
        assert text[f.start : f.end] == f.text


def compared(text: str, chance: random.Random) -> None:
    other = words(chance)
    one = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
    sides = Side.of_sentences([text], "en"), Side.of_sentences([other], chance.choice(list(LANGUAGES)))
    for f in findings.compare(*sides, one)[0]:
        assert 0 <= f.confidence <= 1
        assert f.original_span is None or 0 <= f.original_span[0] <= f.original_span[1] <= len(text)
        assert f.version_span is None or 0 <= f.version_span[0] <= f.version_span[1] <= len(other)
    assert findings.compare(sides[0], sides[0], one)[0] == ()


def formats(text: str, chance: random.Random) -> None:
    data = text.encode("utf-8", "surrogatepass")
    text_of(data, Path(chance.choice(["a.txt", "a.md", "a.html", "a.docx"]))).encode()


def lines(text: str, chance: random.Random) -> None:
    batch.pair(text, "line 1")


def reviews(text: str, chance: random.Random) -> None:
    parse(text, Path("review.toml"))


def memories(text: str, chance: random.Random) -> None:
    with tempfile.NamedTemporaryFile(suffix=".tmx") as file:
        file.write(f"<tmx><body><tu>{text}</tu></body></tmx>".encode("utf-8", "surrogatepass"))
        file.flush()
        tmx.read(file.name)


TARGETS: tuple[Callable[[str, random.Random], None], ...] = (
    segments, facts, compared, formats, lines, reviews, memories,
)  # fmt: skip


def run(target: Callable[[str, random.Random], None], inputs: int, seed: int) -> tuple[int, float]:
    """(inputs refused, the slowest in seconds). Raises AssertionError, with the input, for a crash or a broken law."""
    chance, refused, slowest = random.Random(f"{seed} {target.__name__}"), 0, 0.0
    for n in range(inputs):
        text = words(chance)
        start = time.perf_counter()
        try:
            target(text, chance)
        except RetoldError as error:
            assert "\n" not in str(error), (text, error)
            refused += 1
        except Exception as error:
            raise AssertionError(f"{target.__name__}, input {n} of seed {seed}: {text!r}: {error!r}") from error
        slowest = max(slowest, time.perf_counter() - start)
    return refused, slowest


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    for target in TARGETS:
        refused, slowest = run(target, chosen.inputs, chosen.seed)
        print(f"{target.__name__:10} {chosen.inputs} inputs, {refused} refused, slowest {slowest:.3f} s", flush=True)


if __name__ == "__main__":
    main()
