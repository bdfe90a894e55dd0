"""What can be seen to be wrong with a translation without reading it: said in plain words, for the reader to look."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from retold.languages import glossary, words
from retold.records import RetoldError

# English is 0.6 to 1.7 times as long as its Indonesian or Dutch source, in characters, in 99 % of FLORES dev.
SHORT, LONG = 0.5, 2.0
COMPOUND = 15  # letters of a Dutch word that is no English one too: a compound, which English writes apart
FEW = 25  # characters below which a ratio says nothing
_FIGURE = re.compile(r"\d+(?:[.,:\u00a0\u202f]\d+)*")
# Written large in any place though they are no names: a pronoun, the Sun and the Earth, God.
_CAPITAL = {
    "id": frozenset(["anda", "bumi", "matahari", "bulan", "tuhan", "allah"]),
    "nl": frozenset(["u", "god"]),
}
# English that denies without a negation, as the references of FLORES dev have it for one in the source.
_DENIAL = re.compile(
    r"\b(?:un|in|im|il|ir|dis|mis)[a-z]{4,}|\w+less\b|\b(?:fail|lack|refus|den[iy]|ban|avoid|stop|prevent|prohibit|reject|mistak"
    r"|exclu|miss|hostile|fals|absen|doubt)\w*|\b(?:without|neither|nor|hardly|barely|rather|instead|only|beyond|except|yet|few|"
    r"little|unless|none|away|free)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+(?:['’.]\w+)*")


def problems(source: str, english: str, language: str) -> Iterator[str]:
    """One sentence a problem: empty, copied, too short or long, repeating itself, something lost.

    What can be lost is a number, a name, a weekday or month, a negation; what can be turned round is whether something
    rose or fell, was undone or imposed. Nothing found does not mean that all is well.
    """
    if not source.strip():
        return
    if not english.strip():
        yield "the translation is empty"
        return
    if copied(source, english):
        yield "the translation is the source itself"
    ratio = len(english) / len(source)
    if max(len(source), len(english)) > FEW and not SHORT <= ratio <= LONG:
        yield f"the translation is {'short' if ratio < SHORT else 'long'}: {ratio:.1f} times the source"
    again = repeated(english)
    if again and not repeated(source):
        yield f"the translation repeats itself: “{again}”"
    yield from (f"number {lost} lost" for lost in lost_numbers(source, english, language))
    yield from (f"name {lost} lost" for lost in lost_names(source, english, language))
    yield from (f"time {lost} lost" for lost in lost_times(source, english, language))
    turned = negation(source, english, language)
    if turned:
        yield turned
    yield from turns(source, english, language)
    yield from (f"“{lost}” lost" for lost in lost_words(source, english, language))
    yield from (f"“{left}” left untranslated" for left in untranslated(source, english, language))


def copied(source: str, english: str) -> bool:
    """Whether the English is the source's own words, so that nothing was translated."""
    words = _WORD.findall(source.casefold())
    small = [w for w in _WORD.findall(source) if w.islower()]
    return len(small) > 3 and words == _WORD.findall(english.casefold())


def repeated(text: str) -> str | None:
    """Words that stand three times in a row, five or more that stand twice, letters eight times; None if none do."""
    letters = re.search(r"([^\W\d]{1,6}?)\1{7,}", text)
    if letters:
        return letters.group(1) * 3 + "…"
    words = _WORD.findall(text.casefold())
    for length in range(1, len(words) // 2 + 1):
        times = 2 if length >= 5 else 3
        for start in range(len(words) - times * length + 1):
            some = words[start : start + length]
            if all(words[start + k * length : start + (k + 1) * length] == some for k in range(1, times)):
                return " ".join(some)
    return None


def lost_numbers(source: str, english: str, language: str) -> list[str]:
    """The source's numbers, in figures or words, that the English has in no form, as the source writes them."""
    from retold.facts import number

    theirs = {_bare(m.group()) for m in _FIGURE.finditer(english)}
    try:
        amounts = {number.amounts(f.value) for f in number.find(english, "en")}
        # Ordinals in words come back as "the other", "both", "again" as often as not.
        some = [f for f in number.find(source, language) if not f.value.endswith("th") or _FIGURE.search(f.text)]
        ours = [(f.text.strip(), number.amounts(f.value), f.start, f.end) for f in some]
    except RetoldError:  # a language without word lists: figures alone
        amounts, ours = set(), []
    lost = []
    seen: list[tuple[int, int]] = []
    decades = {figure[-2:] for figure in theirs if len(figure) == 4}  # “de jaren 60” are the 1960s
    for text, amount, start, end in ours:
        seen.append((start, end))
        figures = {_bare(m.group()) for m in _FIGURE.finditer(text)}
        if amount not in amounts and not (figures and figures <= theirs | decades):
            lost.append(text)
    for match in _FIGURE.finditer(source):  # figures inside names and codes, such as H200
        inside = any(start <= match.start() and match.end() <= end for start, end in seen)
        if not inside and _bare(match.group()) not in theirs:
            lost.append(match.group())
    return lost


def lost_names(source: str, english: str, language: str) -> list[str]:
    """The source's names of which no word is found in the English, in this or a like spelling.

    Names made of the language's own words (Perang Dunia, Tweede Kamer) are translated, not kept, and so are not
    looked for; nor are single words that begin a sentence and months and weekdays.
    """
    from rapidfuzz import fuzz

    from retold.facts import name, time
    from retold.facts.fold import fold, sound

    try:
        dates = [(f.start, f.end) for f in time.find(source, language, None)]
        ours = name.find(source, language, dates)
    except RetoldError:
        return []
    own = name.common(language) | _CAPITAL.get(language, frozenset())
    values = {f.value for f in name.find(english, "en")}
    theirs = {sound(w) for w in _WORD.findall(english)} | {fold(w) for w in _WORD.findall(english)}
    lost = []
    for fact in ours:
        words = [w for w in _WORD.findall(fact.text) if len(w) > 1 and w.casefold() not in own]
        if not words or fact.value in values or fold(fact.text) in fold(english):
            continue
        plain = len(_WORD.findall(fact.text)) == 1 and fact.text[1:].islower()
        if plain and fact.type == "name" and _begins(source, fact.start):
            continue
        near = any(fuzz.ratio(sound(w), other) >= 60 for w in words for other in theirs)
        if not near:
            lost.append(fact.text)
    return lost


def lost_times(source: str, english: str, language: str) -> list[str]:
    """The source's weekdays and dates whose weekday or month the English has not."""
    from retold.facts import time

    def points(value: str) -> set[str]:
        month = re.match(r"(?:-|\d{4})-(\d\d)", value)
        return {f"month {month.group(1)}"} if month else {value} if value.startswith("weekday:") else set()

    try:
        ours = [(f.text, points(f.value)) for f in time.find(source, language, None)]
    except RetoldError:
        return []
    theirs = {point for f in time.find(english, "en", None) for point in points(f.value)}
    return [text for text, some in ours if some - theirs]


def negation(source: str, english: str, language: str) -> str | None:
    """What became of the source's negations: “negation … lost” or “… added”; None where both sides have one or none.

    English may deny with a word's own sense: unsure, failed, without, hardly count as well as not.
    """
    from retold.facts import cue

    try:
        ours = [f.text for f in cue.find(source, language) if f.type == "negation"]
    except RetoldError:
        return None
    theirs = [f.text for f in cue.find(english, "en") if f.type == "negation"]
    if ours and not theirs and not _DENIAL.search(english):
        return f"negation “{ours[0]}” lost"
    if theirs and not ours:
        return f"negation “{theirs[0]}” added"
    return None


def turns(source: str, english: str, language: str) -> Iterator[str]:
    """Words of direction that the English turns round (“daalden” told as “rose”), or of rise and fall that it loses.

    That something was undone or imposed can be told in too many ways for a loss to be seen.
    """
    from retold.facts import direction

    try:
        ours = [t for t in direction.find(source, language) if not t.weak]
    except RetoldError:
        return
    theirs = direction.ways(english, "en")
    strong = {t.way: t.text for t in reversed(direction.find(english, "en")) if not t.weak}
    told = {t.way for t in ours}
    for way, text in {t.way: t.text for t in reversed(ours)}.items():
        opposite = direction.OPPOSITE[way]
        if way in theirs or opposite in told:
            continue
        if opposite in strong:
            yield f"direction turned round: “{text}” told as “{strong[opposite]}”"
        elif way in ("up", "down"):
            yield f"direction “{text}” lost"


def lost_words(source: str, english: str, language: str) -> list[str]:
    """The words of the language's list `kept` that no English of theirs answers for, as the source has them."""
    found = []
    for ours, theirs in _kept(language):
        match = ours.search(source)
        if match and not theirs.search(english):
            found.append(match.group())
    return found


def untranslated(source: str, english: str, language: str) -> list[str]:
    """Long Dutch words written small that the English takes over and English does not have."""
    if language != "nl":
        return []
    ours = {w for w in _WORD.findall(source) if w.islower() and len(w) >= COMPOUND}
    return [w for w in dict.fromkeys(_WORD.findall(english)) if w in ours and w not in _english()]


@functools.cache
def _english() -> frozenset[str]:
    """English words: the common ones and the glossaries' answers."""
    from retold.facts import name

    answers = (some for language in ("id", "nl") for each in glossary(language).values() for some in each)
    return name.common("en") | frozenset(word for some in answers for word in some.split())


@functools.cache
def _kept(language: str) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """(what the source says, what English answers for it) of a language's list `kept`; none without a list."""
    try:
        table = words(language).get("kept", {})
    except RetoldError:
        return []
    return [
        (re.compile(rf"\b(?:{ours})\b", re.IGNORECASE), re.compile(rf"\b(?:{theirs})\b", re.IGNORECASE))
        for ours, theirs in table.items()
    ]


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins there."""
    return re.search(r"(?:^|[.!?:…])[\s\W]*$", text[:start]) is not None


def _bare(figure: str) -> str:
    """A figure by its digits alone, so that 1.500 and 1,500 are one, and 09.30 and 9:30."""
    return re.sub(r"\D", "", figure).lstrip("0") or "0"
