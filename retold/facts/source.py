"""Sources: who says it, how many they are, how close, through whom, and how strong the verb is.

Value: `kind:who:closeness:strength[>via]`. kind `anonymous` (who: how many, `some` where untold), `media` or `named`
(who: the folded name); closeness `briefed`, `familiar`, `close`, `cited`, `review` or `-`; strength `neutral`,
`strong`, `weak` or `-`; via the medium told: `anonymous:4:briefed:neutral>reuters`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from retold.facts.fold import fold
from retold.facts.name import common
from retold.languages import words
from retold.records import Fact

REACH = 90  # characters a verb of speech may stand behind its source: a relative clause fits
BEFORE = 25  # and before it


@dataclass(frozen=True)
class Lexicon:
    """One language's patterns."""

    people: re.Pattern[str]
    media: re.Pattern[str]
    verb: re.Pattern[str]
    strength: dict[str, str]
    near: re.Pattern[str]
    closeness: dict[str, str]
    review: re.Pattern[str]
    counters: dict[str, str]


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The attributions of a text, none overlapping another."""
    lexicon = _lexicon(language)
    verbs = list(lexicon.verb.finditer(text))
    found: list[Fact] = []

    def add(start: int, end: int, value: str) -> None:
        if all(end <= f.start or start >= f.end for f in found):
            found.append(Fact("source", start, end, text[start:end], value))

    media = list(lexicon.media.finditer(text))
    for people in lexicon.people.finditer(text):
        near = next(
            (m for m in lexicon.near.finditer(text, people.end()) if _clear(text, people.end(), m.start(), 30)), None
        )
        verb = _verb(text, people, verbs)
        counter = people.group("count") or people.group("alone")
        weak = people.group("noun") and people.group("noun").casefold() in (
            "people",
            "orang",
            "mensen",
            "person",
            "personen",
        )
        if not (verb or near) or (weak and not (counter or near or people.group("the"))):
            continue
        if people.group("alone") and not (verb and verb.start() - people.end() <= 2 and verb.start() >= people.end()):
            continue
        count = _count(counter, lexicon)
        start, end = _hull(people, verb, near)
        via = next(
            (m for m in media if 0 <= m.start() - end <= 12 and not re.search(r"[.!?;,]", text[end : m.start()])), None
        )
        close = lexicon.closeness[_plain(near.group())] if near else "-"
        strength = lexicon.strength[_plain(verb.group())] if verb else "-"
        value = f"anonymous:{count}:{close}:{strength}" + (f">{fold(via.group())}" if via else "")
        add(start, via.end() if via else end, value)
    for medium in media:
        review = lexicon.review.search(text, medium.start())
        close = "-"
        verb = _verb(text, medium, verbs, reach=25)
        back = re.search(rf"(?:{lexicon.review.pattern})\s+(?:\w+\s+)?$", text[: medium.start()], re.IGNORECASE)
        if review and review.start() - medium.end() <= 2:
            close = "review"
        elif back:
            review, close = back, "review"
        if not verb and close == "-":
            continue
        start, end = _hull(medium, verb, review if close == "review" else None)
        strength = lexicon.strength[_plain(verb.group())] if verb else "-"
        add(start, end, f"media:{fold(medium.group())}:{close}:{strength}")
    for verb in verbs:
        named = _named(text, verb, language)
        if named:
            start, end = min(named[0], verb.start()), max(named[1], verb.end())
            add(start, end, f"named:{fold(text[named[0] : named[1]])}:-:{lexicon.strength[_plain(verb.group())]}")
    for review in lexicon.review.finditer(text):
        if any(
            re.search(r"(?:according to|menurut|volgens)\s+(?:\w+\s+)?$", text[: review.start()], re.IGNORECASE)
            for _ in "x"
        ):
            add(review.start(), review.end(), "anonymous:some:review:-")
    return tuple(sorted(found, key=lambda f: f.start))


def _verb(text: str, source: re.Match[str], verbs: list[re.Match[str]], *, reach: int = REACH) -> re.Match[str] | None:
    """The verb of speech that goes with a source: after it within reach, or right before it."""
    after = [v for v in verbs if v.start() >= source.end() and _clear(text, source.end(), v.start(), reach)]
    before = [v for v in verbs if v.end() <= source.start() and _clear(text, v.end(), source.start(), BEFORE)]
    some = [(v.start() - source.end(), v) for v in after] + [(source.start() - v.end(), v) for v in before]
    return min(some, key=lambda p: p[0])[1] if some else None


def _clear(text: str, start: int, end: int, reach: int) -> bool:
    """Whether two places stand within reach of each other in one sentence."""
    return 0 <= end - start <= reach and not re.search(r"[.!?;]\s", text[start:end])


def _named(text: str, verb: re.Match[str], language: str) -> tuple[int, int] | None:
    """The name that a verb of speech belongs to: right before it, over an apposition, or right after it."""
    run = r"[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*"
    after = re.match(rf"\s+(?:oleh\s+)?({run})", text[verb.end() :])
    before = re.search(
        rf"({run})(?:,[^,.]{{3,60}},)?(?:\s+(?:has|have|had|only|also|telah|heeft)){{0,3}}\s+$", text[: verb.start()]
    )
    for found, start in ((before, 0), (after, verb.end())):
        # A sentence's first word is a name only if it is not one of everyday: “Data show”, “In added time”.
        if found and not all(w.casefold() in common(language) for w in found.group(1).split()):
            return start + found.start(1), start + found.end(1)
    return None


def _hull(*parts: re.Match[str] | None) -> tuple[int, int]:
    some = [p for p in parts if p]
    return min(p.start() for p in some), max(p.end() for p in some)


def _count(counter: str | None, lexicon: Lexicon) -> str:
    return lexicon.counters.get(_plain(counter), _plain(counter)) if counter else "some"


def _plain(word: str) -> str:
    return re.sub(r"\s+", " ", word.strip().casefold())


@functools.cache
def _lexicon(language: str) -> Lexicon:
    facts = words(language)["facts"]
    table = facts["source"]
    strength = {w.casefold(): k for k, some in table["verbs"].items() for w in some}
    closeness = {w.casefold(): k for k, some in table["closeness"].items() for w in some}
    units = {w.casefold(): str(n) for n, w in enumerate(facts["number"]["units"]) if n}
    units |= {w.casefold(): str(10 + n) for n, w in enumerate(facts["number"]["teens"][:3])}
    units |= {w.casefold(): "1" for w in facts["number"]["pronouns"]}
    counters = {w: units.get(w.casefold(), "some") for w in map(str.casefold, table["counters"])} | units
    number = _any(list(counters))
    people = re.compile(
        rf"(?<!\w)(?:(?:(?P<count>{number}|\d+)\s+(?:of\s+the\s+|of\s+|other\s+|more\s+|andere\s+|van\s+de\s+|orang\s+)*)?"
        rf"(?:(?P<the>the|de|para)\s+)?(?P<noun>{_any(table['anonymous'])})|(?P<alone>{number}))(?!\w)",
        re.IGNORECASE,
    )
    return Lexicon(
        people,
        re.compile(rf"(?<!\w)(?:{_any(table['media'])})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{_any(list(strength))})(?!\w)", re.IGNORECASE),
        strength,
        re.compile(rf"(?<!\w)(?:{_any(list(closeness))})(?!\w)", re.IGNORECASE),
        closeness,
        re.compile(rf"(?<!\w)(?:{_any(table['reviews'])})(?!\w)", re.IGNORECASE),
        counters,
    )


def _any(some: list[str]) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(some, key=len, reverse=True))
