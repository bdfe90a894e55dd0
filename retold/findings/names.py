"""Names and places that differ between the two sides of a bead."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from retold.facts.fold import fold, sound
from retold.facts.name import STARTS, common, places, strip
from retold.findings.beside import beside
from retold.findings.lexicon import answers, function_words, other_figures, same
from retold.findings.lexicon import pairs as pairs_
from retold.findings.passage import Item, Pair, Passage, Word, paired
from retold.findings.rank import BAR
from retold.languages import words
from retold.records import Finding


@dataclass(frozen=True)
class Part:
    """One word of a name: where it stands, its folded spelling, and whether it is also an everyday word."""

    word: Word
    item: Item
    key: str
    code: str  # a place's code, or ""
    plain: bool
    start: bool  # stands where any word has a capital


def compare(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Names one side has and the other has in no spelling, paired where both sides have one over.

    A name over on one side only is dropped or added where the other text has it nowhere.
    """
    over = []
    for pair in pairs:
        originals, versions = parts(pair.original), parts(pair.version)
        left = [p for p in originals if not known(p, pair.original, pair.version)]
        right = [q for q in versions if not known(q, pair.version, pair.original)]
        for a, b in _renumbered(pair):
            left = [p for p in left if p.word.span != a.span or p.word.n != a.n]
            right = [q for q in right if q.word.span != b.span or q.word.n != b.n]
            yield Finding("changed", "number", a.n, b.n, a.text, b.text, 0.9, 0, a.span, b.span)
        over.append((pair, originals, versions, left, right))
    kept = Counter(p.key for _, some, _, left, _ in over for p in some if p not in left)
    lost = Counter(p.key for _, _, _, left, _ in over for p in left)
    swaps = []
    for pair, originals, versions, left, right in over:
        more = _repeated(originals, versions) if any(not q.plain for q in right) else []
        theirs = _repeated(versions, originals) if any(not p.plain for p in left) else []
        swaps.append(list(_pairs([*left, *more], [*right, *theirs], pair)))
    often = Counter((p.key, q.key) for some in swaps for p, q in some)
    for (pair, originals, versions, left, right), some in zip(over, swaps, strict=True):
        sure: list[Part] = []
        told: set[tuple[Item, Item]] = set()
        for p, q in some:
            if not pair.across and ((p.plain and q.plain) or _variant(p.key, q.key)):
                sure += [p, q]
                continue
            if p.word.text[:1].isalpha() and q.word.text[:1].isalpha() and _model(p) != _model(q):
                continue  # a chip's number is a shorter word for what was described, not another name
            confidence = _confidence(features(pair, p, q, left, right, kept, lost, often))
            one_language = not pair.across
            doubtful = (p.plain or q.plain) and confidence < DOUBT if one_language else _seated(p, q)
            # Across languages a pair of names less likely than not says less than the two by themselves.
            if confidence >= (FLOOR if one_language else BAR) and not doubtful:
                confidence = max(confidence, ALIKE if one_language else 0.0)
                sure += [p, q]
                one: Word | Item = p.word
                other: Word | Item = q.word
                if _whole(p, originals, left, q, versions, right):
                    if (p.item, q.item) in told:
                        continue
                    told.add((p.item, q.item))
                    one, other = p.item, q.item
                yield Finding(
                    "changed", "name", one.n, other.n, one.text, other.text, confidence, 0, one.span, other.span
                )
        yield from _openings(pair)
        holes = _holes(pair.version) - _holes(pair.original), _holes(pair.original) - _holes(pair.version)
        spare = _spare(pairs, pair, of_original=False), _spare(pairs, pair, of_original=True)
        if not pair.across:
            gone = _alone(left, originals, sure, pair.original, pair.whole_version, hole=holes[0] > 0)
            new = _alone(right, versions, sure, pair.version, pair.whole_original, hole=holes[1] > 0)
        else:
            gone = _lost(left, originals, sure, pair, spare[0], [q for q in right if q not in sure and not q.start])
            new = _new(right, versions, sure, pair, spare[1])
        for p in gone:
            n = beside(pair, p.word.n, p.word.span, of_original=True)
            yield Finding("dropped", "name", p.word.n, n, p.item.text, "", FIRM, 0, p.item.span, None)
        for q in new:
            n = beside(pair, q.word.n, q.word.span, of_original=False)
            yield Finding("added", "name", n, q.word.n, "", q.item.text, FIRM, 0, None, q.item.span)


def _whole(p: Part, ours: list[Part], left: list[Part], q: Part, theirs: list[Part], right: list[Part]) -> bool:
    """Whether a name of several words was replaced as a whole, or by one: Niek Visser by Piet Bakker."""
    one, other = ([r for r in some if r.item == part.item] for part, some in ((p, ours), (q, theirs)))
    return max(len(one), len(other)) > 1 and all(r in left for r in one) and all(r in right for r in other)


def _openings(pair: Pair) -> Iterator[Finding]:
    """The word that opens one side where the other opens with a hole: “Apple’s introduction” and “’s introduction”.

    Such a word may be one of everyday, which at a sentence's start is no name by itself.
    """
    for here, there, lost in ((pair.original, pair.version, True), (pair.version, pair.original, False)):
        hole = _hole(there.language)
        if here.language != there.language or hole is None or not here.words or not there.texts:
            continue
        gap, word = hole.match(there.texts[0]), here.words[0]
        light = function_words(here.language)
        named = word.text[:1].isupper() and word.start < 3 and len(word.folded) > 2 and word.folded not in light
        if not gap or hole.match(here.texts[0]) or not named or any(same(word.folded, w) for w in there.folded):
            continue
        if any(i.n == word.n and i.fact.start <= word.start < i.fact.end for i in here.of("name", "place")):
            continue  # told of as a name
        end = word.start + len(strip(word.text))
        text, span, n, m = strip(word.text), (word.start, end), word.n, there.numbers[0]
        if lost:
            yield Finding("dropped", "name", n, m, text, "", 0.55, 0, span, None)
        else:
            yield Finding("added", "name", m, n, "", text, 0.5, 0, None, span)


def _model(part: Part) -> bool:
    return any(c.isdigit() for c in part.key)


def _renumbered(pair: Pair) -> list[tuple[Word, Word]]:
    """Names with figures in them that differ by these alone: the A4 and the A3, each in one side only."""
    ours, theirs = pair.original.models, pair.version.models
    left = [a for a in ours if a.folded not in {b.folded for b in theirs}]
    right = [b for b in theirs if b.folded not in {a.folded for a in ours}]
    out: list[tuple[Word, Word]] = []
    for a in left:
        letters = re.sub(r"\d+", "0", a.folded)
        b = next((b for b in right if re.sub(r"\d+", "0", b.folded) == letters), None)
        if b and (a.text[0].isupper() or b.text[0].isupper()):
            out.append((a, b))
            right.remove(b)
    return out


def _repeated(some: list[Part], others: list[Part]) -> list[Part]:
    """Names that stand on both sides, here more often: one of them may have been replaced there."""
    out = []
    for key in dict.fromkeys(p.key for p in some if not p.plain):
        mine = [p for p in some if p.key == key]
        theirs = [p for p in others if same(p.key, key)]
        if len(mine) > len(theirs) > 0:
            out += mine
    return out


MANY = 3000
FIRM = 0.6  # how sure a name over is by its form alone; too few were judged to count
FLOOR = 0.4  # a pair of names less sure than this is chance
ALIKE = (
    0.85  # in one language a pair is this sure at least: of those from FLOOR to even all 6 were right, of all 251 all
)
DOUBT = 0.8  # in one language an everyday word with a capital is more often reworded than replaced


@functools.cache
def _hole(language: str) -> re.Pattern[str] | None:
    table = words(language)["facts"]["name"]
    some, inside, opening = ("|".join(table.get(key, [])) for key in ("before_noun", "holes", "subjectless"))
    if not some:
        return None
    return re.compile(
        rf"\(\s*\)|^\s*[,’']s?\s|(?<![\w-])(?:{some})\s*(?:[,.;]|$)"
        rf"|(?<![\w-])(?:{inside or '(?!)'})(?![\w-])|^(?-i:{opening or '(?!)'})",
        re.I | re.M,
    )


def _holes(passage: Passage) -> int:
    """How many places of a passage want a noun: “the President of, Donald Trump”, empty brackets."""
    pattern = _hole(passage.language)
    return sum(len(pattern.findall(text)) for text in passage.texts) if pattern else 0


def _alone(
    some: list[Part], every: list[Part], paired: list[Part], here: Passage, whole: Passage, *, hole: bool
) -> list[Part]:
    """One word of each name that is over, in one language: names of which the other text has no part.

    Everyday words count too where they make up a name inside a sentence: the Supreme Court; and any word with a capital
    where the other side has a hole that a name would fill.
    """
    taken = {p.item for p in paired}
    small = whole.folded - whole.capitals
    over = set(some)
    named = {p.item for p in every if not p.plain}
    if not hole:
        taken |= {p.item for p in every if p not in over and not (p.plain or len(p.key) < 3 or p.key in small)}
        # “National Highway” for “national road”: of everyday words half of which stand on the other side.
        taken |= _described(over, every, here.language)
    some = [*some, *(p for p in every if p not in over and _rarer(p, here, whole, hole=hole))]
    out: dict[Item, Part] = {}
    for part in some:
        if part.item in taken or _no_name(part, here):
            continue
        if part.start and part.plain and strip(part.word.text) == part.word.text and not hole:
            continue
        if part.plain and not hole and part.item in named:
            continue  # the Prefecture of Osaka Prefecture
        if not known(part, here, whole) or _rarer(part, here, whole, hole=hole):
            out.setdefault(part.item, part)
    return list(out.values())


def _no_name(part: Part, here: Passage) -> bool:
    """Whether a word with a capital is none that a text can lose as a name: a currency, a headline's word."""
    text = strip(part.word.text)
    short = len(part.key) < 2 or (len(text) < 3 and not part.code)
    unit = text in _currencies() or text in DEGREES
    unit = unit or any(  # Rp2 miliar
        i.n == part.word.n and i.fact.start <= part.word.start < i.fact.end for i in here.of("money")
    )
    return short or unit or bool(CONTRACTED.search(part.word.text)) or _headline(here, part)


def _lost(
    some: list[Part], every: list[Part], paired: list[Part], pair: Pair, spare: frozenset[str], theirs: list[Part]
) -> list[Part]:
    """One word of each English name that a version in another language has not: see `_new` for the reverse.

    A word with a capital that is no everyday word and no acronym (NHS, DPR) is hardly translated away: on the faithful
    NTREX story versions some thirty of them are. Words that are (Federation) answer for no name, and save none. A
    people's name counts where it alone tells who is meant (“a German truckmaker”). Where the other names of an
    enumeration are kept, the one that is not is lost though the version has it farther away. A name of three words each
    of which can be translated (the Banking Policy Forum) is lost where the version has none of them and no name over.
    """
    here, whole = pair.original, pair.whole_version
    near = _around(pair.version, whole)
    table = words(here.language)["facts"]["name"]
    translated = frozenset(map(fold, table.get("translated", [])))
    media = frozenset(w for m in words(here.language)["facts"]["source"]["media"] for w in fold(m).split())
    proper = [p for p in every if not p.plain and p.key not in translated]
    taken = {p.item for p in paired} | {p.item for p in proper if p not in some}
    out: dict[Item, Part] = {}
    for part in some:
        if part.item in taken or _no_name(part, here) or _title_case(here, part):
            continue
        if firm(part.item.text):
            if not any(p.item == part.item and p.plain for p in every) and not (
                any(same(part.key, w) for w in spare) if _model(part) else known(part, here, whole)
            ):
                out.setdefault(part.item, part)  # a title of everyday words in capitals is none
            continue
        text = strip(part.word.text)
        if part not in proper or (text.isupper() and len(text) < 5 and not part.code) or part.key in media:
            continue
        if (part.start and not part.code) or ("-" in text and text[0].islower()):  # mid-November
            continue
        if len(part.item.text.split()) > 3 * sum(p.item == part.item for p in proper):
            continue  # a title of everyday words
        before = here.texts[here.numbers.index(part.word.n)][: part.item.fact.start]
        if part.key in _adjectives(here.language) and not (part.start or _indefinite(here.language).search(before)):
            continue
        elsewhere = near if _enumerated(part, proper, some, pair) else whole
        if known(part, here, elsewhere) or _seat_of(part, elsewhere) or _borrowed(part, pair.version):
            continue
        out.setdefault(part.item, part)
    for item, mine in [] if theirs else _bodies(every, proper):
        gone = not any(known(p, here, pair.version) or _no_name(p, here) for p in mine)
        initials = "".join(p.key[0] for p in mine)
        if gone and item not in taken and initials not in whole.folded and not _title_case(here, mine[0]):
            out.setdefault(item, mine[0])
    return list(out.values())


def _bodies(every: list[Part], proper: list[Part]) -> Iterator[tuple[Item, list[Part]]]:
    """Names of three words and more each of which can be translated: the Banking Policy Forum."""
    for item in dict.fromkeys(p.item for p in every):
        mine = [p for p in every if p.item == item]
        if len(mine) > 2 and not any(p in proper or p.code for p in mine):
            yield item, mine


def _new(some: list[Part], every: list[Part], paired: list[Part], pair: Pair, spare: frozenset[str]) -> list[Part]:
    """One word of each name that a version in another language has over.

    An unknown word with a capital is more often a word of that language than a name, so it counts only where its
    form tells (figures, capitals inside it), where it is a place's name, or where a place is told: “di Sulawesi”.
    """
    here, whole = pair.version, pair.whole_original
    taken = {p.item for p in paired} | {p.item for p in every if p not in some}
    out: dict[Item, Part] = {}
    for part in some:
        text = strip(part.word.text)
        if part.item in taken or _no_name(part, here) or (part.start and not part.code):
            continue
        if firm(part.item.text):
            known_there = any(same(part.key, w) for w in spare) if _model(part) else known(part, here, whole)
            if not known_there and not any(p.item == part.item and p.plain for p in every):
                out.setdefault(part.item, part)
            continue
        if part.plain or (text.isupper() and len(text) < 5 and not part.code) or part.key in _adjectives(here.language):
            continue
        before = here.texts[here.numbers.index(part.word.n)][: part.item.fact.start]
        there = _whereabouts(here.language).search(before) and len(part.key) > 3
        if not (part.code or re.search(r"\d|(?<=[a-z])[A-Z]", text) or there):
            continue
        if not known(part, here, whole) and not _seat_of(part, whole):
            out.setdefault(part.item, part)
    return list(out.values())


def _borrowed(part: Part, version: Passage) -> bool:
    """Whether a word written small begins as a name sounds: Boutique, butiknya; Puritan, puriteins."""
    begin = sound(part.key)[:4]
    return len(begin) == 4 and any(w.text[0].islower() and sound(w.folded).startswith(begin) for w in version.words)


def _around(passage: Passage, whole: Passage) -> Passage:
    """A passage with the segment before and after each of its own."""
    some = [k for k, n in enumerate(whole.numbers) if any(abs(n - m) < 2 for m in passage.numbers)]
    numbers = tuple(whole.numbers[k] for k in some)
    items = tuple(i for i in whole.items if i.n in numbers)
    return Passage(whole.language, numbers, tuple(whole.texts[k] for k in some), items)


def _enumerated(part: Part, proper: list[Part], lost: list[Part], pair: Pair) -> bool:
    """Whether a name stands in an enumeration of which the version has another name: “Poland, Hungary and Belgium”."""
    text = pair.original.texts[pair.original.numbers.index(part.word.n)]
    for p in proper:
        if p.word.n != part.word.n or p.item == part.item or p in lost:
            continue
        first, second = sorted((p.item.fact, part.item.fact), key=lambda f: f.start)
        if ENUMERATES.fullmatch(text, first.end, second.start):
            return True
    return False


ENUMERATES = re.compile(
    r"(?:, | and |, and | or |, or )(?:the |in |from )?(?:[A-Z][\w-]+(?: [A-Z][\w-]+)?(?:, | and |, and ))*"
)


@functools.cache
def _indefinite(language: str) -> re.Pattern[str]:
    """What stands before a noun that names nobody: “a German truckmaker”, “two Afghan nationals”."""
    facts = words(language)["facts"]
    some = [*facts["name"].get("indefinite", []), *facts["number"]["units"][1:]]
    return re.compile(rf"(?<!\w)(?:{'|'.join(some)}) $", re.I)


@functools.cache
def _whereabouts(language: str) -> re.Pattern[str]:
    some = words(language)["facts"]["name"].get("whereabouts", [])
    return re.compile(rf"(?<!\w)(?:{'|'.join(some) or '(?!)'}) $", re.I)


def _title_case(passage: Passage, part: Part) -> bool:
    """Whether every word of a short segment has a capital: a headline’s."""
    some = [w for w in passage.words if w.n == part.word.n]
    return len(some) < 6 and all(w.text[0].isupper() or not w.text[0].isalpha() for w in some)


@functools.cache
def _seats() -> dict[str, frozenset[str]]:
    """Folded English names of seats of government → the codes of what they stand for: Brussels, the EU."""
    out: dict[str, set[str]] = {}
    for code, cities in words("en")["facts"]["name"]["seats"].items():
        for city in cities:
            out.setdefault(fold(city), set()).add(code)
    return {city: frozenset(codes) for city, codes in out.items()}


def _seated(p: Part, q: Part) -> bool:
    """Whether one name is the seat of the other’s government: Spanish, Madrid."""
    seats = _seats()
    return any(b.code in seats.get(a.code or a.key, ()) for a, b in ((p, q), (q, p)) if b.code)


def _seat_of(part: Part, other: Passage) -> bool:
    """Whether the other passage names the country that a name is the seat of, or the seat of the country it names."""
    seats = _seats()
    theirs = other.codes | other.folded
    mine = seats.get(part.code or part.key, frozenset())
    return bool(mine & theirs) or bool(part.code and any(part.code in seats.get(c, ()) for c in theirs))


def firm(name: str) -> bool:
    """Whether a name's form is no ordinary word's: figures beside letters (H100), or words in capitals (ABN AMRO)."""
    some = name.split()
    return bool(re.search(r"[^\W\d_]-?\d", name)) or (len(some) > 1 and all(w.isupper() and len(w) > 1 for w in some))


def _figured(word: str) -> bool:
    return any(c.isdigit() for c in word)


def _spare(pairs: Sequence[Pair], this: Pair, *, of_original: bool) -> frozenset[str]:
    """The words with figures of one text that can stand for one over in a bead of the other text.

    Left out are those of a segment in another bead whose other side has the word itself.
    """
    whole = this.whole_original if of_original else this.whole_version
    if not any(_figured(w.folded) for w in (this.version if of_original else this.original).words):
        return frozenset()
    taken = set()
    for pair in pairs:
        here, there = (pair.original, pair.version) if of_original else (pair.version, pair.original)
        taken |= {(w.n, w.folded) for w in here.words if _figured(w.folded) and w.folded in there.folded}
    return frozenset(w.folded for w in whole.words if _figured(w.folded) and (w.n, w.folded) not in taken)


def _described(over: set[Part], every: list[Part], language: str) -> set[Item]:
    """The names of everyday words alone of which half are known, or all are what others translate."""
    generic = frozenset(map(fold, words(language)["facts"]["name"]["generic"]))
    by_item: dict[Item, list[Part]] = {}
    for part in every:
        by_item.setdefault(part.item, []).append(part)
    return {
        item
        for item, mine in by_item.items()
        if (len(mine) > 1 and all(p.key in generic for p in mine))
        or (all(p.plain for p in mine) and 2 * sum(p in over for p in mine) <= len(mine))
    }


def _rarer(part: Part, here: Passage, there: Passage, *, hole: bool) -> bool:
    """Whether a name stands on both sides, but less often where the other side has a hole for it."""
    if part.plain or not hole:
        return False
    mine, theirs = (sum(_one_name(part, w, p) for w in p.words) for p in (here, there))
    return mine > theirs


def _one_name(part: Part, word: Word, passage: Passage) -> bool:
    return same(part.key, word.folded) or bool(part.code and places(passage.language).get(word.folded) == part.code)


@functools.cache
def _adjectives(language: str) -> frozenset[str]:
    """Names of peoples and their adjectives that are no names of countries: a translator adds “Amerikaanse” freely."""
    from babel import Locale

    countries = {fold(name) for name in Locale.parse(language).territories.values()}
    some = words(language)["facts"]["name"]["demonyms"].values()
    return frozenset(fold(word) for each in some for word in each) - countries


@functools.cache
def _currencies() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies()) | {"RMB"}


DEGREES = frozenset({"Celsius", "Fahrenheit", "Kelvin", "CO2"})  # units and substances written large
CONTRACTED = re.compile(r"^[IAQ]['’&]|^[A-Z][a-z]*n['’]t$")


def _headline(passage: Passage, part: Part) -> bool:
    """Whether most longer words of the segment have capitals, as in a headline."""
    some = [w for w in passage.words if w.n == part.word.n and len(w.text) > 3]
    return len(some) > 3 and sum(w.text[0].isupper() for w in some) > 0.85 * len(some)


# Weights of a logistic regression (scikit-learn, C = 3) fitted on the altered names of the NTREX story versions,
# development half, gold beads; cross-validated by story: docs/findings.md.
BIAS = 3.41
WEIGHTS = {
    "everyday_original": -2.50,
    "starts_version": -1.42,
    "starts_original": -0.45,
    "kept_elsewhere": 2.24,
    "lost_often": -0.36,
    "same_swap_again": -2.19,
    "distance": -2.03,
    "neighbours": 1.74,
    "in_original_elsewhere": -2.13,
    "others_lost": -2.27,
    "others_new": -2.18,
    "everyday_version": -3.25,
    "capitals_original": -4.11,
    "capitals_version": -1.98,
    "short_version": -3.86,
    "likeness": -1.65,
    "english_version": 1.11,
    "repeated_original": -1.33,
    "repeated_version": -0.18,
    "place_original": -0.30,
    "place_version": -2.29,
    "listed_version": -2.17,
    "listed_original": -0.67,
}


def features(
    pair: Pair, p: Part, q: Part, left: Sequence[Part], right: Sequence[Part],
    kept: Counter[str], lost: Counter[str], often: Counter[tuple[str, str]],
) -> dict[str, float]:  # fmt: skip
    """What speaks for and against `q` standing for another name than `p`: the terms of WEIGHTS."""
    language = pair.version.language
    here, there = pair.original.place(p.word.n, p.word.start), pair.version.place(q.word.n, q.word.start)
    return {
        "everyday_original": float(p.plain),
        "starts_version": float(q.start),
        "starts_original": float(p.start),
        "kept_elsewhere": min(2, kept[p.key]) / 2,
        "lost_often": float(lost[p.key] > 1),
        "same_swap_again": float(often[p.key, q.key] > 1),
        "distance": abs(there - here),
        "neighbours": float(_neighbours(pair, p, q)),
        "in_original_elsewhere": float(q.key in pair.whole_original.folded),
        "others_lost": min(3, len(left) - 1) / 3,
        "others_new": min(3, len(right) - 1) / 3,
        "everyday_version": float(q.plain),
        "capitals_original": float(p.word.text.isupper()),
        "capitals_version": float(q.word.text.isupper()),
        "short_version": float(len(q.key) < 4),
        "likeness": fuzz.ratio(sound(p.key), sound(q.key)) / 100,
        "english_version": float(q.key in common("en")),
        "repeated_original": float(p not in left),
        "repeated_version": float(q not in right),
        "place_original": float(bool(p.code)),
        "place_version": float(bool(q.code)),
        "listed_version": float(bool(pairs_(language, "en").get(q.key))),
        "listed_original": float(bool(pairs_("en", language).get(p.key))),
    }


def _confidence(terms: dict[str, float]) -> float:
    return 1 / (1 + math.exp(-BIAS - sum(WEIGHTS[k] * v for k, v in terms.items())))


def _neighbours(pair: Pair, p: Part, q: Part) -> int:
    """How many of the words right before and after stand beside both."""
    total = 0
    a, b = pair.original.words, pair.version.words
    i, j = pair.original.index[p.word], pair.version.index[q.word]
    for step in (-1, 1):
        if 0 <= i + step < len(a) and 0 <= j + step < len(b):
            total += answers(a[i + step].folded, b[j + step].folded, pair.original.language, pair.version.language)
    return total


def parts(passage: Passage) -> list[Part]:
    """The words of the passage's names and places."""
    out = []
    table = places(passage.language)
    generic = frozenset(map(fold, words(passage.language)["facts"]["name"]["generic"]))
    endings = tuple(words(passage.language)["facts"]["name"].get("endings", ["\0"]))
    every = common(passage.language)
    for item in passage.of("name", "place"):
        for word in passage.within(item.n, *item.span):
            text = strip(word.text)
            if not any(c.isupper() for c in text):
                continue
            key = fold(re.sub(r"(?<=[A-Z])s$", "", text)).strip(".")
            code = item.fact.value if item.fact.type == "place" else table.get(key, "")
            text_ = passage.texts[passage.numbers.index(word.n)]
            before = text_[: word.start].rstrip(" \t\"'“”‘’«»„([–—-")
            start = not before or before[-1] in STARTS
            plain = key in generic or everyday(key, every, passage.language) or (len(key) > 7 and key.endswith(endings))
            plain = plain or (start and not code and inflected(key, every, passage.language))
            out.append(Part(word, item, key, code, plain, start))
    return out


def everyday(key: str, every: frozenset[str], language: str) -> bool:
    """Whether a word is also written small: by itself, doubled, or as a compound or derivation of such words."""
    if key in every or all(part in every for part in key.split("-")):
        return True
    if language == "nl":
        return any(key[:i] in every and key[i:].removeprefix("s") in every for i in range(4, len(key) - 3))
    if language == "id":
        bare = re.sub(r"(?:nya|lah|kah|ku|mu)$", "", key)
        return (
            bare in every
            or re.sub(r"^(?:meng|meny|men|mem|me|ber|ter|di|ke|se|pe|per)|(?:kan|an|i)$", "", bare) in every
        )
    return False


def inflected(key: str, every: frozenset[str], language: str) -> bool:
    """Whether an English word is a form or a compound of everyday words: millennia, firefighting."""
    if language != "en":
        return False
    forms = (key[: -len(end)] + base for end, base in _ENDINGS if key.endswith(end) and len(key) > len(end) + 3)
    halves = ((key[:i], key[i:]) for i in range(4, len(key) - 3))
    return any(form in every for form in forms) or any(a in every and b in every for a, b in halves)


_ENDINGS = [("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""),
            ("ia", "ium"), ("er", ""), ("ers", ""), ("ness", ""), ("al", ""), ("ity", "")]  # fmt: skip


def known(part: Part, here: Passage, other: Passage) -> bool:
    """Whether the other passage has the name in some spelling or in its own word for it."""
    theirs = other.codes
    if (
        part.key in theirs
        or (part.code and part.code in theirs)
        or any(same(part.key, c) for c in theirs if len(c) > 3)
    ):
        return True
    if part.code and any(same(part.code, w) for w in other.folded):
        return True
    lists = pairs_(here.language, other.language, light=True)
    for key in {part.key, *(k for k in part.key.split("-") if len(k) > 2)}:
        if key in other.folded or lists.get(key, frozenset()) & other.folded:
            return True
        if len(other.capitals) > MANY:
            continue  # in a book some name is always like another
        if any(same(key, w) for w in other.capitals):
            return True
        if any(alike(key, w) for w in other.folded - other.capitals):
            return True
    return _initials(part.key, other)


@functools.lru_cache(100_000)
def alike(a: str, b: str) -> bool:
    """Whether a folded name can be a word written small: an adjective or a compound of it (moslim, brexitdeal)."""
    if other_figures(a, b):
        return False
    if a == b or (len(a) >= 5 and a in b) or (min(len(a), len(b)) > 6 and a[:6] == b[:6]):
        return True
    return min(len(a), len(b)) > 4 and fuzz.ratio(sound(a), sound(b)) >= 84


def _variant(a: str, b: str) -> bool:
    """Whether two names over in one place are two spellings of one: Plitvice, Plitwitz."""
    shortened = a != b and (a.startswith(b) or b.startswith(a))  # Rz, Rzeczpospolita
    return a[:1] == b[:1] and (shortened or fuzz.ratio(sound(a), sound(b)) >= 55)


def _initials(key: str, other: Passage) -> bool:
    """Whether an acronym's letters begin consecutive words of the other passage."""
    if not 2 <= len(key) <= 5 or not key.isalpha():
        return False
    firsts = other.firsts
    at = firsts.find(key)
    # Words of a sentence that happen to begin so: a name's hardly all stand small, with “of” and “the” among them.
    while at >= 0:
        some = other.words[at : at + len(key)]
        small = function_words(other.language)
        if any(not w.text[0].islower() for w in some) or not any(w.folded in small for w in some):
            return key.isascii()
        at = firsts.find(key, at + 1)
    return False


def _pairs(left: list[Part], right: list[Part], pair: Pair) -> Iterator[tuple[Part, Part]]:
    left = [p for p in left if len(p.key) > 1]
    right = [q for q in right if len(q.key) > 1 and not (q.plain and q.start)]
    ours = [pair.original.place(p.word.n, p.word.start) for p in left]
    theirs = [pair.version.place(q.word.n, q.word.start) for q in right]
    for i, j in paired(ours, theirs, lambda i, j: _cost(left[i], right[j], pair)):
        yield left[i], right[j]


def _cost(p: Part, q: Part, pair: Pair) -> float:
    there = pair.version.place(q.word.n, q.word.start)
    return (
        abs(pair.original.place(p.word.n, p.word.start) - there)
        + 0.3 * p.plain
        + 0.3 * (p.key in pair.version.folded)
        + 0.3 * (q.key in pair.original.folded)
        + 0.3 * q.plain
        - 0.2 * _neighbours(pair, p, q)
    )
