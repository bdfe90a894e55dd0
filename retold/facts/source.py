"""Sources: who says it, how many they are, how close, through whom, and how strong the verb is.

Value: `kind:who:closeness:strength[>via]`. kind `anonymous` (who: how many, `some` where untold), `media` or `named`
(who: the folded name); closeness `briefed`, `familiar`, `close`, `cited`, `review` or `-`; strength `neutral`,
`strong`, `weak` or `-`; via the medium told: `anonymous:4:briefed:neutral>reuters`. And kind
`role`, a speaker told by what they are (`retold.facts.role`); closeness `seen`, a medium that saw a paper.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from retold.facts import quote, role
from retold.facts.fold import fold
from retold.facts.name import common
from retold.languages import words
from retold.records import Fact

REACH = 90  # characters a verb of speech may stand behind its source: a relative clause fits
BEFORE = 25  # and before it
# Characters looked through on either side of a verb or a medium: no name is longer, and time grows with the text alone.
WINDOW = 300


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
    reviewed: re.Pattern[str]  # one with at most a word behind it, up to an end
    counters: dict[str, str]
    insiders: frozenset[str]  # nouns that tell by themselves that these people are familiar with the matter
    passive: re.Pattern[str] | None  # what makes a verb one of being told, where it ends right before it


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The attributions of a text, none overlapping another."""
    lexicon = _lexicon(language)
    verbs = list(lexicon.verb.finditer(text))
    active = [v for v in verbs if not (lexicon.passive and _last(lexicon.passive, text, v.start()))]
    active = [v for v in active if not role.personal(text, v, language)]
    found: list[Fact] = []

    def add(start: int, end: int, value: str) -> None:
        at = bisect_left(found, start, key=_start)
        if (not at or found[at - 1].end <= start) and (at == len(found) or end <= found[at].start):
            found.insert(at, Fact("source", start, end, text[start:end], value))

    media = list(lexicon.media.finditer(text))
    described = list(lexicon.people.finditer(text))
    for at, people in enumerate(described):
        near = _first(lexicon.near, text, people.end(), people.end() + 30)
        near = near if near and _clear(text, people.end(), near.start(), 30) else None
        verb = _verb(text, people, active, language=language)
        closer = described[at + 1 : at + 2]
        if verb and closer and closer[0]["noun"] and people.end() < closer[0].start() < verb.start():
            verb = None  # “27 people were hurt, a hospital source said”
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
        behind = media[bisect_left(media, end, key=_place) : bisect_right(media, end + 12, key=_place)]
        via = next((m for m in behind if not re.search(r"[.!?;,]", text[end : m.start()])), None)
        close = lexicon.closeness[_plain(near.group())] if near else "-"
        if not near and _plain(people.group("noun") or "") in lexicon.insiders:
            close = "familiar"
        strength = lexicon.strength[_plain(verb.group())] if verb else "-"
        value = f"anonymous:{count}:{close}:{strength}" + (f">{fold(via.group())}" if via else "")
        add(start, via.end() if via else end, value)
    for medium in media:
        review = _first(lexicon.review, text, medium.start(), medium.end() + 2)
        close = "-"
        verb = _verb(text, medium, verbs, reach=25)
        review = review or _last(lexicon.reviewed, text, medium.start())
        if review:
            close = "review"
        if not verb and close == "-":
            continue
        if verb and not review and _told(text, verb, medium, language):
            continue  # “Niek Visser told Reuters”: the medium is who was told
        start, end = _hull(medium, verb, review)
        strength = lexicon.strength[_plain(verb.group())] if verb else "-"
        add(start, end, f"media:{fold(medium.group())}:{close}:{strength}")
    for outlet in role.outlets(text, language):
        add(outlet.start, outlet.end, outlet.value)
    roles = list(role.find(text, language, [(q.start, q.end) for q in quote.find(text, language)]))
    for verb in verbs:
        named = _named(text, verb, lexicon.strength[_plain(verb.group())], language)
        if named and not _of(text, named, roles):
            start, end = min(named[0], verb.start()), max(named[1], verb.end())
            add(start, end, f"named:{fold(text[named[0] : named[1]])}:-:{lexicon.strength[_plain(verb.group())]}")
    for review in lexicon.review.finditer(text):
        if _last(_ACCORDING, text, review.start()):
            add(review.start(), review.end(), "anonymous:some:review:-")
    for one in roles:
        add(one.start, one.end, one.value)
    return tuple(found)


def _of(text: str, name: tuple[int, int], roles: list[Fact]) -> bool:
    """Whether a name only says whose a speaker is: “analysts at Sierra Bank in New York estimate”."""
    return any(r.start < name[0] and name[1] <= r.end and _WHOSE.search(text, r.start, name[0]) for r in roles)


def _verb(
    text: str, source: re.Match[str], verbs: list[re.Match[str]], *, reach: int = REACH, language: str = ""
) -> re.Match[str] | None:
    """The verb of speech that goes with a source: after it within reach, or right before it."""
    behind = verbs[bisect_left(verbs, source.end(), key=_place) : bisect_right(verbs, source.end() + reach, key=_place)]
    ahead = verbs[bisect_left(verbs, source.start() - BEFORE, key=_end) : bisect_right(verbs, source.start(), key=_end)]
    after = [v for v in behind if _clear(text, source.end(), v.start(), reach)]
    before = [v for v in ahead if _clear(text, v.end(), source.start(), BEFORE)]
    if language:
        # “according to” stands before whom it tells of, and any other verb only behind what was said.
        after = [v for v in after if not role.leads(v.group(), language)]
        before = [v for v in before if role.leads(v.group(), language) or role.short(language) or _turned(text, v)]
    some = [(v.start() - source.end(), v) for v in after] + [(source.start() - v.end(), v) for v in before]
    return min(some, key=lambda p: p[0])[1] if some else None


def _turned(text: str, verb: re.Match[str]) -> bool:
    """Whether a verb follows what was said: a comma or a closing mark stands before it."""
    return text[: verb.start()].rstrip().endswith((",", "”", '"', "’", "'", "»"))


def _clear(text: str, start: int, end: int, reach: int) -> bool:
    """Whether two places stand within reach of each other in one sentence."""
    return 0 <= end - start <= reach and not re.search(r"[.!?;]\s", text[start:end])


def _named(text: str, verb: re.Match[str], strength: str, language: str) -> tuple[int, int] | None:
    """The name that a verb of speech belongs to: right before it, over an apposition, or right after it."""
    after = _TITLED_BY.match(text, verb.end(), verb.end() + WINDOW) or _AFTER.match(
        text, verb.end(), verb.end() + WINDOW
    )
    inverted = text[: verb.start()].rstrip().endswith((",", "”", '"'))
    before = None if role.leads(verb.group(), language) else _last(_BEFORE, text, verb.start())
    if role.personal(text, verb, language):
        return None  # “zei hij”
    if strength == "strong" and not inverted:
        after = None  # “confirmed COVID-19 cases”
    if inverted:
        after = after or _titled(text, verb.end(), language)
    before = before or _last(_CLOSING, text, verb.start())
    for found in (before, after):
        # A sentence's first word is a name only if it is not one of everyday: “Data show”, “In added time”.
        if found and not all(w.casefold() in common(language) for w in found.group(1).split()):
            if role.plain(found.group(1), language) or found.group(1).split()[0].strip(".,") in _NEVER:
                continue
            if found is after and role.leads(verb.group(), language) and _NAMED_AFTER.match(text, found.end()):
                continue  # “according to OECD data”
            closer = _APPOSED.search(found.group()) if found is not after else None
            if closer:  # “the President of the United States, Donald Trump, announced”
                return found.start() + closer.start(1), found.start() + closer.end(1)
            end = found.end(1)
            # The stop that ends the sentence is no part of the name; that of U.S. is.
            stop = text[:end].endswith(".") and "." not in found.group(1).split()[-1][:-1]
            return found.start(1), end - stop
    return None


def _titled(text: str, at: int, language: str) -> re.Match[str] | None:
    """A name behind a verb of speech with a word or two between for who it is: “, zegt kraanmachinist Piet Bakker”."""
    found = _TITLED.match(text, at, at + WINDOW)
    light = words(language)["facts"]["clause"]["function_words"]
    return found if found and not any(w in light for w in text[at : found.start(1)].split()) else None


def _told(text: str, verb: re.Match[str], medium: re.Match[str], language: str) -> bool:
    """Whether a medium is who a named speaker told: “Niek Visser told Reuters”, “zegt Piet Bakker tegen Reuters”."""
    if medium.start() < verb.end():
        return False
    if not text[verb.end() : medium.start()].strip():
        before = _last(_BEFORE, text, verb.start())
        return before is not None and not all(w.casefold() in common(language) for w in before.group(1).split())
    after = _AFTER.match(text, verb.end(), medium.start()) or _titled(text[: medium.start()], verb.end(), language)
    return after is not None and _TO.fullmatch(text, after.end(1), medium.start()) is not None


_WHOSE = re.compile(
    r"(?<!\w)(?:of|at|in|from|for|by|van|bij|in|uit|dari|di|pada)\s+(?:(?:the|de|het)\s+)?(?:[\w-]+\s+){0,3}$"
)
_RUN = r"[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*"
_AFTER = re.compile(rf"\s+(?:oleh\s+)?({_RUN})")
_TITLED = re.compile(rf"\s+[a-z][\w-]{{3,}}(?:\s+[a-z][\w-]+)?\s+({_RUN})")
_TITLED_BY = re.compile(
    rf"\s+{_RUN}(?:\s+[a-z][\w-]+){{1,2}}\s+({_RUN})(?=[,.]|\s+[a-z]|$)"
)  # “said ESO astronomer Ann Lee”
_CLOSING = re.compile(rf",\s+({_RUN}),\s+$")  # “its principal, Ann Lee, said”
_NAMED_AFTER = re.compile(
    r"\s+(?:data|figures|filings|documents|papers|records|regulations|rules|law|statistics|estimates|analysts|officials)\b"
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEVER = frozenset(("I", "I'm", "I’m", "Ik", *_DAYS, "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"))
_TO = re.compile(r"\s+(?:aan|tegen|tegenover|to|kepada)\s+(?:(?:the|de|het)\s+)?")
_BEFORE = re.compile(rf"({_RUN})(?:,[^,.]{{3,60}},)?(?:\s+(?:has|have|had|only|also|telah|heeft)){{0,3}}\s+$")
_APPOSED = re.compile(rf",\s+({_RUN}),\s+(?:\w+\s+){{0,3}}$")
_ACCORDING = re.compile(r"(?:according to|menurut|volgens)\s+(?:\w+\s+)?$", re.IGNORECASE)


def _first(pattern: re.Pattern[str], text: str, start: int, last: int) -> re.Match[str] | None:
    """The first match from start on, if it begins at last or before."""
    found = pattern.search(text, start, last + WINDOW)
    return found if found and found.start() <= last else None


def _last(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    """The match that ends where a place begins; the pattern ends in $."""
    return pattern.search(text, max(0, end - WINDOW), end)


def _place(match: re.Match[str]) -> int:
    return match.start()


def _end(match: re.Match[str]) -> int:
    return match.end()


def _start(fact: Fact) -> int:
    return fact.start


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
        rf"(?<!\w)(?:(?:(?P<count>{number}|\d+)\s+(?:of\s+the\s+|of\s+|other\s+|more\s+|andere\s+|van\s+de\s+|orang\s+)*"
        rf"(?:(?!(?:of|the|and|in|on|at|to|from|van|de|het|en|in|dan|di|dari|yang|{number})\s)[^\W\d_][\w-]*\s+){{0,3}}?)?"
        rf"(?:(?P<the>the|de|para)\s+)?(?P<noun>{_any(table['anonymous'])})|(?P<alone>{number}))(?!\w)",
        re.IGNORECASE,
    )
    review = rf"(?<!\w)(?:{_any(table['reviews'])})(?!\w)"
    return Lexicon(
        people,
        re.compile(rf"(?<!\w)(?:{_any(table['media'])})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{_any(list(strength))})(?!\w)", re.IGNORECASE),
        strength,
        re.compile(rf"(?<!\w)(?:{_any(list(closeness))})(?!\w)", re.IGNORECASE),
        closeness,
        re.compile(review, re.IGNORECASE),
        re.compile(rf"(?:{review})\s+(?:\w+\s+)?$", re.IGNORECASE),
        counters,
        frozenset(map(str.casefold, table.get("insiders", []))),
        re.compile(rf"(?<!\w)(?:{_any(table['passive'])})\s+$", re.IGNORECASE) if table.get("passive") else None,
    )


def _any(some: list[str]) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(some, key=len, reverse=True))
