"""Hostile input to every reader and rule: `python -m benchmarks.fuzz [--guided] [--inputs N] [--seconds S] [NAME ..]`.

An input is a string of bytes, which `benchmarks/grammar.py` makes a document of. They are drawn at random or, with
--guided, chosen by atheris: it keeps those that reach code no other reached, and mutates them. Allowed are a result
that keeps its laws and RetoldError in one sentence; all else ends the run and shows the input, which `--input HEX NAME`
plays again. With --guided each target runs in a process of its own and stops after N inputs or S seconds.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from benchmarks import grammar
from benchmarks.grammar import Choices
from retold import batch, findings, story
from retold.align import align
from retold.facts import extract
from retold.formats import text_of
from retold.languages import LANGUAGES
from retold.records import Alignment, Document, RetoldError, Side, Vectors
from retold.review.file import block, parse
from retold.segment import segment
from retold.translate import tmx

LONGEST = 4_000  # bytes of an input


class Words:
    """An encoder for the fuzzer: a text is the sum of its words, each a vector drawn from the word's checksum."""

    name = "words"
    signature = "words"

    def encode(self, texts: list[str]) -> Vectors:
        out = np.zeros((len(texts), 32), np.float32)
        for row, text in zip(out, texts, strict=True):
            for word in re.findall(r"\w+", text)[:200] or [text]:
                row += np.random.default_rng(crc32(word.encode("utf-8", "replace"))).normal(size=32)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


ENGINE = Words()


def segments(c: Choices) -> None:
    """Offsets slice back, segments follow one another."""
    text = grammar.text(c) + "".join(c.some(grammar.text, 12))
    some = segment(Document("d", c.of(LANGUAGES), "version", "p", None, text))
    assert all(text[s.start : s.end] == s.text for s in some)
    assert all(a.end <= b.start for a, b in itertools.pairwise(some))


def facts(c: Choices) -> None:
    """Offsets slice back."""
    language, text = c.of(LANGUAGES), grammar.text(c)
    for f in extract(text, language):
        assert text[f.start : f.end] == f.text


def _sides(c: Choices) -> tuple[Side, Side]:
    language, original = c.of(LANGUAGES), grammar.sentences(c)
    version = grammar.version_of(c, original) if c.below(4) else grammar.sentences(c)
    return Side.of_sentences(original, "en"), Side.of_sentences(version, language)


def _aligned(original: Side, version: Side) -> Alignment:
    """Every segment stands in one bead; links are pairs of it, surely kept where the words are the same, once each."""
    made = align(original, version, ENGINE)
    for side, name in ((original, "original"), (version, "version")):
        assert sorted(n for b in made.beads for n in getattr(b, name)) == list(side.content)
    pairs = {(o, v) for b in made.beads for o in b.original for v in b.version}
    assert {(k.original, k.version) for k in made.links} <= pairs
    assert all(0 <= k.probability <= 1 for k in made.links) and all(0 <= b.probability <= 1 for b in made.beads)
    return made


def aligned(c: Choices) -> None:
    """As `_aligned` says, with a vector a sentence made of its words."""
    _aligned(*_sides(c))


def compared(c: Choices) -> None:
    """Spans slice back; confidence is a probability; ranks count up; a text differs in nothing from itself."""
    original, version = _sides(c)
    found, status = findings.compare(original, version, _aligned(original, version))
    assert (len(status.original), len(status.version)) == (len(original.texts), len(version.texts))
    assert [f.rank for f in found] == list(range(1, len(found) + 1))
    for f in found:
        assert 0 <= f.confidence <= 1 and (f.original is not None or f.version is not None)
        for side, n, span in ((original, f.original, f.original_span), (version, f.version, f.version_span)):
            assert span is None or (n is not None and 0 <= span[0] <= span[1] <= len(side.texts[n]))
    alone = Side.of_sentences(list(dict.fromkeys(original.texts)), "en")
    assert findings.compare(alone, alone, _aligned(alone, alone))[0] == ()


def _read(data: bytes, name: str) -> None:
    text_of(data, Path(name)).encode()


def plains(c: Choices) -> None:
    """Plain text: the file's characters as they stand, UTF-8 unless a mark says UTF-16."""
    data = grammar.text(c).encode() if c.below(4) else c.data[c.at :]
    text = text_of(data, Path("a.txt"))
    assert text.encode() == data or data.startswith((b"\xff\xfe", b"\xfe\xff"))


def pages(c: Choices) -> None:
    _read(grammar.page(c), "a.html")


def markdowns(c: Choices) -> None:
    _read(grammar.markdown(c), "a.md")


def documents(c: Choices) -> None:
    _read(grammar.word(c), "a.docx")


def lines(c: Choices) -> None:
    """What is read is compared and written as a line of JSON."""
    id, language, original, version = batch.pair(grammar.line(c), "line 1")
    sides = Side.of_sentences(original, "en"), Side.of_sentences(version, language)
    made = _aligned(*sides)
    row = batch.result(id, made, findings.compare(*sides, made)[0])
    assert json.loads(json.dumps(row, ensure_ascii=False).encode()) == json.loads(json.dumps(row))


def reviews(c: Choices) -> None:
    """What is read is written and read again the same."""
    some = parse(grammar.review(c), Path("review.toml"))
    assert parse("".join(map(block, some)), Path("review.toml")) == some


def memories(c: Choices) -> None:
    """What is read is written and read again the same, but for what XML makes of line ends and cannot hold."""
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder, "1.tmx"), Path(folder, "2.tmx")
        one.write_bytes(grammar.memory(c).encode("utf-8", "replace"))
        some = tmx.read(one)
        tmx.write(two, some)
        again = tmx.read(two)
        assert [(u.source.split(), u.english.split(), u.date) for u in again] == [
            (u.source.split(), u.english.split(), u.date) for u in some
        ]


def stories(c: Choices) -> None:
    """A folder is read without a look outside it."""
    manifest, files = grammar.manifest(c)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        Path(folder, story.MANIFEST).write_bytes(manifest.encode("utf-8", "replace"))
        try:
            read = story.read(folder)
        except RetoldError as error:
            raise RetoldError(str(error).replace(folder, "")) from error
        assert all(d.file in files and d.text for d in read.documents)


Target = Callable[[Choices], None]
TARGETS: tuple[Target, ...] = (
    segments, facts, aligned, compared, plains, markdowns, pages, documents, lines, reviews, memories, stories,
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What a run came to. slowest: the most seconds of a core that an input took, and that input."""

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    input: bytes = b""

    def __str__(self) -> str:
        which = f" ({self.input.hex()})" if self.slowest > 1 else ""
        return f"{self.inputs} inputs, {self.refused} refused, slowest {self.slowest:.3f} s{which}"


def one(target: Target, data: bytes, tally: Tally) -> None:
    """Feed one input. Raises AssertionError, with the input, for a crash or a broken law."""
    start = time.process_time()
    try:
        target(Choices(data))
    except RetoldError as error:
        assert "\n" not in str(error), f"{target.__name__}: {data.hex()}: {error!r}"
        tally.refused += 1
    except Exception as error:
        raise AssertionError(f"{target.__name__}: {data.hex()}: {error!r}") from error
    tally.inputs += 1
    if (took := time.process_time() - start) > tally.slowest:
        tally.slowest, tally.input = took, data


def drawn(target: Target, inputs: int, seed: int) -> Tally:
    """Random inputs, the same for the same seed."""
    chance, tally = random.Random(f"{seed} {target.__name__}"), Tally()
    for _ in range(inputs):
        one(target, drawn_bytes(chance), tally)
    return tally


def drawn_bytes(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((20, 200, 1000, LONGEST)))


def main(arguments: Iterable[str] | None = None) -> None:
    by_name: dict[str, Target] = {t.__name__: t for t in TARGETS}
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="NAME", help=f"of {', '.join(by_name)}; all, if none is named")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=10**6, help="a target, with --guided")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--guided", action="store_true")
    parser.add_argument("--input", metavar="HEX", help="play one input again")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    some = [by_name[name] for name in chosen.targets] or list(TARGETS)
    if chosen.input:
        one(some[0], bytes.fromhex(chosen.input), Tally())
        return
    for target in some:
        if chosen.guided:
            limits = map(str, (chosen.inputs, chosen.seconds, chosen.seed))
            subprocess.run([sys.executable, "-m", "benchmarks.guided", target.__name__, *limits], check=True)
        else:
            print(f"{target.__name__:10} {drawn(target, chosen.inputs, chosen.seed)}", flush=True)


if __name__ == "__main__":
    main()
