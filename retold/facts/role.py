"""Speakers told by what they are: “a court filing showed”, “according to the police”, “zegt het ministerie”.

Value: `role:who:-:strength`, who folded and without its article; a pronoun is no source of its own. And the cues that
somebody is said to say something at all, whoever it is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retold.facts.fold import fold
from retold.languages import words
from retold.records import Fact

MOST = 12  # words of a speaker at most
WINDOW = 200  # characters looked through on either side of a verb

_MEDIUM = r"[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*"
_WORD = re.compile(r"[^\W_][\w’'&.-]*|&")
_MARKS = ("”", '"', "’", "'", "»", "“")
_BEFORE = re.compile(r"(\w+)\s+$")
_WHO = re.compile(r",\s+(?:who|which)\s+(?:also\s+|have\s+|has\s+)?$")
_EDGE = re.compile(r"[,;:!?()“”\"«»„‘—–]|\.(?=\s|$)|\s-\s")


@dataclass(frozen=True)
class Lexicon:
    """One language's patterns."""

    verb: re.Pattern[str]
    before: re.Pattern[str]  # words the speaker stands behind whatever goes before: according to, volgens, menurut
    evidence: re.Pattern[str]  # what shows and finds
    showing: re.Pattern[str]  # verbs that only evidence speaks with
    stop: frozenset[str]  # words that no speaker's description holds
    light: frozenset[str]  # words that are no description by themselves
    articles: frozenset[str]
    counts: dict[str, str]
    joins: frozenset[str]  # prepositions between a speaker and whose it is
    inverts: bool  # whether a pronoun behind a verb is who says it, whatever goes before
    short: bool  # whether a verb may follow a description at once, so that only what surely hangs on it is read
    plain: re.Pattern[str]  # words that are no name where only their place gives them a capital
    helping: frozenset[str]  # words that may stand between the speaker and the verb
    persons: re.Pattern[str]  # a pronoun right behind a verb: “zei hij”
    told: re.Pattern[str]
    hearsay: re.Pattern[str]  # what says that it is said, and not by whom
    outlet: re.Pattern[str]  # a medium that saw a paper, or that somebody told something
    strength: dict[str, str]


def find(text: str, language: str, quoted: Sequence[tuple[int, int]] = ()) -> Iterator[Fact]:
    """The speakers of a text without a name, those outside these quotations; some may overlap."""
    lexicon = _lexicon(language)
    for verb in lexicon.verb.finditer(text):
        if any(start <= verb.start() < end for start, end in quoted) or _personal(text, verb, lexicon):
            continue
        last = _BEFORE.search(text, max(0, verb.start() - 20), verb.start())
        if last and last.group(1).casefold() in lexicon.articles:
            continue  # “an estimated 100 people”
        leading = lexicon.before.fullmatch(verb.group()) is not None
        span = (
            _behind(text, verb, lexicon) if leading else _ahead(text, verb, lexicon) or _inverted(text, verb, lexicon)
        )
        if span is None:
            continue
        said = text[slice(*span)]
        if lexicon.showing.fullmatch(verb.group()) and not lexicon.evidence.search(said):
            continue
        every = _WORD.findall(said)
        count = [lexicon.counts[w.casefold()] for w in every[:1] if w.casefold() in lexicon.counts]
        who = [*count, *(w for w in every if w.casefold() not in lexicon.articles)]
        if not who:
            continue  # “kata salah …”: one of them
        start, end = min(span[0], verb.start()), max(span[1], verb.end())
        strength = lexicon.strength.get(re.sub(r"\s+", " ", verb.group().casefold()), "neutral")
        yield Fact("source", start, end, text[start:end], f"role:{fold(' '.join(who)).replace(':', '')}:-:{strength}")


def outlets(text: str, language: str) -> Iterator[Fact]:
    """The media that saw a paper or were told: “seen by Reuters”, “told broadcaster NRK”."""
    for found in _lexicon(language).outlet.finditer(text):
        group = "seer" if found["seer"] else "told"
        start = found.start() if found["seer"] else found.start("told")
        close = "seen" if found["seer"] else "-"
        yield Fact("source", start, found.end(), text[start : found.end()], f"media:{fold(found[group])}:{close}:-")


def hearsay(text: str, language: str) -> tuple[int, int] | None:
    """Where a text says that something is said, and not by whom: “konon”, “naar verluidt”."""
    found = _lexicon(language).hearsay.search(text)
    return found.span() if found else None


def told(text: str, language: str, offset: int = 0) -> list[tuple[int, int]]:
    """Where a text says that somebody says, thinks or found something: verbs of speech and of opinion, reports.

    offset: where in a longer text it stands, to count from there.
    """
    return [(m.start() + offset, m.end() + offset) for m in _lexicon(language).told.finditer(text)]


def leads(verb: str, language: str) -> bool:
    """Whether the source stands behind this word whatever goes before: according to, volgens, menurut."""
    return _lexicon(language).before.fullmatch(verb) is not None


def personal(text: str, verb: re.Match[str], language: str) -> bool:
    """Whether a pronoun behind a verb is who says it: “zei hij”, “kata dia”, and not “the firm said it would”."""
    return _personal(text, verb, _lexicon(language))


def _personal(text: str, verb: re.Match[str], lexicon: Lexicon) -> bool:
    said = lexicon.inverts or lexicon.before.fullmatch(verb.group()) or _after_words(text, verb.start())
    return bool(said) and lexicon.persons.match(text, verb.end()) is not None


def _after_words(text: str, at: int) -> bool:
    """Whether a place comes right after a comma or a mark that closes what was said."""
    return text[:at].rstrip().endswith((",", *_MARKS))


def short(language: str) -> bool:
    """Whether a verb and its subject may change places in any sentence: “Dat melden bronnen”."""
    return _lexicon(language).short


def plain(word: str, language: str) -> bool:
    """Whether a word with a capital is a noun of speakers that begins a sentence: Economists, Handelaren, Penambang."""
    return _lexicon(language).plain.fullmatch(word) is not None


def _ahead(text: str, verb: re.Match[str], lexicon: Lexicon) -> tuple[int, int] | None:
    """The speaker right before a verb, from where its clause begins; or before the relative clause between them."""
    start, end = _clause(text, verb.start(), lexicon)
    if not text[start:end].strip() and text[: verb.start()].rstrip().endswith(","):
        comma = text[: verb.start()].rstrip().rfind(",")
        opened = re.search(
            r",\s+(?:who|which|whose|die|dat|yang)\s[^,.;]{5,120}$", text[max(0, comma - WINDOW) : comma]
        )
        if opened is None:
            return None
        start, end = _clause(text, max(0, comma - WINDOW) + opened.start(), lexicon)
    who = _WHO.search(text, max(0, verb.start() - WINDOW), verb.start())
    if not text[start:end].strip() and who:
        start, end = _clause(text, who.start(), lexicon)
    some = list(_WORD.finditer(text, start, end))
    while some and some[-1].group().casefold() in lexicon.helping:
        some.pop()
    if some and some[-1].group().casefold() in lexicon.joins:
        return None  # “the number of confirmed cases”
    return _described(some, lexicon)


def _clause(text: str, end: int, lexicon: Lexicon) -> tuple[int, int]:
    """From the last stop or conjunction before a place to the place."""
    low = max(0, end - WINDOW)
    start = max([low, *(m.end() for m in _EDGE.finditer(text, low, end))])
    for word in _WORD.finditer(text, start, end):
        if word.group().casefold() in lexicon.stop:
            start = word.end()
    return start, end


def _inverted(text: str, verb: re.Match[str], lexicon: Lexicon) -> tuple[int, int] | None:
    """The speaker behind a verb that follows what was said, up to a stop: “, zegt het havenbedrijf.”"""
    if not _after_words(text, verb.start()):
        return None
    span = _behind(text, verb, lexicon)
    quoted = not text[: verb.start()].rstrip().endswith(",") or text[: verb.start()].rstrip(" ,").endswith(_MARKS)
    if span and not quoted and len(_WORD.findall(re.split(_joined(lexicon), text[slice(*span)])[0])) > 4:
        return None  # “its chief, Ann Lee, says the company owes money”
    rest = text[span[1] :].lstrip("”\"’'» ") if span else ""
    after = _WORD.match(rest)
    closed = not rest or _EDGE.match(rest) or rest == "." or (after and after.group().casefold() in lexicon.stop)
    return (
        span if closed and not (after and not _EDGE.match(rest) and after.group().casefold() in ("to", "te")) else None
    )


def _joined(lexicon: Lexicon) -> str:
    return rf"\s(?:{'|'.join(sorted(lexicon.joins))})\s"


def _behind(text: str, verb: re.Match[str], lexicon: Lexicon) -> tuple[int, int] | None:
    """The speaker right behind a word: up to a stop, or as far as a noun and what hangs on it go."""
    edge = _EDGE.search(text, verb.end(), verb.end() + WINDOW)
    some: list[re.Match[str]] = []
    for word in _WORD.finditer(text, verb.end(), edge.start() if edge else verb.end() + WINDOW):
        low = word.group().casefold()
        if low in lexicon.stop or len(some) == MOST:
            break
        if lexicon.short and some and not _hangs(some[-1].group(), low, lexicon):
            break
        some.append(word)
    return _described(some, lexicon)


def _hangs(last: str, word: str, lexicon: Lexicon) -> bool:
    """Whether a word may go on a description: behind an article, an adjective or a preposition, or as one."""
    low = last.casefold()
    return low in lexicon.articles | lexicon.joins or word in lexicon.joins or (last.endswith("e") and last.islower())


def _described(some: list[re.Match[str]], lexicon: Lexicon) -> tuple[int, int] | None:
    """A description's span: of few words, one of them its own, none a pronoun's."""
    while some and some[-1].group().casefold() in lexicon.light:
        some.pop()
    own = [
        m for m in some if re.split("[’']", m.group().casefold())[0] not in lexicon.light and not m.group()[0].isdigit()
    ]
    if not own or len(some) > MOST or (some[0].group().casefold() in lexicon.light - lexicon.articles):
        return None
    if re.search(r"s?[’']s?$", some[-1].group()):
        return None  # “customers' claims”
    return some[0].start(), some[-1].end()


@functools.cache
def _lexicon(language: str) -> Lexicon:
    facts = words(language)["facts"]
    source = facts["source"]
    role = source["role"]
    strength = {w.casefold(): k for k, some in source["verbs"].items() for w in some}
    outlets = "|".join(map(re.escape, role["outlets"]))
    light = frozenset(map(str.casefold, facts["clause"]["function_words"]))
    articles = frozenset(map(str.casefold, role["articles"]))
    quiet = frozenset(map(str.casefold, role["quiet"]))
    return Lexicon(
        _any([*(strength.keys() - quiet), *role["before"], *role["showing"]]),
        _any(role["before"]),
        _any(role["evidence"]),
        _any(role["showing"]),
        frozenset(map(str.casefold, role["stop"])),
        light | frozenset(map(str.casefold, role["pronouns"])),
        articles,
        {w.casefold(): str(n) for n, w in enumerate(facts["number"]["units"]) if n > 1},
        frozenset(role["joins"]),
        role["inverts"],
        role["short"],
        re.compile("|".join(role["plain"])),
        frozenset(map(str.casefold, role["helping"])),
        re.compile(rf"\s+(?:{'|'.join(role['persons'])})(?!\w)", re.IGNORECASE),
        re.compile(
            rf"(?<!\w)(?:{'|'.join(map(re.escape, strength.keys() - quiet))}|{'|'.join(role['told'])})(?!\w)",
            re.IGNORECASE,
        ),
        _any(role["hearsay"]),
        re.compile(
            rf"(?<!\w)(?:(?:{'|'.join(map(re.escape, role['seen']))})\s+(?:(?:the|de|het|a|an)\s+)?(?P<seer>{_MEDIUM})"
            rf"|(?:told|aan|tegen|kepada)\s+(?:(?:the|de|het)\s+)?(?P<told>(?:[a-z]+\s+)?(?:{outlets})(?:\s+{_MEDIUM})?"
            rf"|{_MEDIUM}\s+(?:{outlets})))(?!\w)"
        ),
        strength,
    )


def _any(some: Sequence[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(set(some), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
