"""What pages put round an article: share bars, plugs, upload data, player messages, comment boxes, in any language."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from retold.languages import words

_LATIN = re.compile(r"[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿＡ-Ｚａ-ｚ]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*")
_SIGNATURE = re.compile(r"[(\[]([\w./ -]{2,40})[)\]]\.?\Z")
_INITIALS = re.compile(r"[a-z]{2,4}(?:/[a-z]{2,4})+\Z")
_LABEL = re.compile(r"[\W_]*([^:：\n]{2,60}?)\s*[:：](?=\s|$)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+|\S+@\S+\.\w+")
_TIME_CODE = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\s*/\s*\d{1,2}:\d\d(?::\d\d)?)?\Z")
# When a page was put up, to the day in figures or to the minute: "Kompas.com - 10/12/2025, 14:30 WIB".
_STAMP = re.compile(
    r"(?<!\d)(?:\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([/-])\d\d\2\d\d)(?!\d)"
    r"|\b(?:19|20)\d\d\b.{1,6}\b\d{1,2}[:.]\d\d(?!\d)|\b\d{1,2}:\d\d\s?(?:WIB|WITA|WIT|GMT|UTC|C?E[SD]?T|[ap]m\b|uur|Uhr)",
    re.I,
)
# A plug, a notice or a label's value is short; a longer paragraph is read sentence by sentence.
_PLUG_MOST = 400
_VALUE_MOST_WORDS = 20
_CHROME_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Lists:
    lines: re.Pattern[str]
    labels: re.Pattern[str]
    cues: re.Pattern[str]
    cue_words: frozenset[str]
    comments: re.Pattern[str]
    credits: re.Pattern[str]
    bylines: re.Pattern[str]


def _pattern(phrases: list[str]) -> str:
    # Longest first: an alternation takes the first that fits.
    quoted = (re.escape(p).replace(r"\#", r"\d[\d.,]*\s?[km]?").replace(r"\*", r".{1,40}") for p in phrases)
    return "|".join(sorted(set(quoted), key=len, reverse=True))


@functools.cache
def _lists() -> _Lists:
    tables = words("chrome").values()

    def every(name: str) -> list[str]:
        return [phrase.casefold() for table in tables for phrase in table.get(name, ())]

    return _Lists(
        lines=re.compile(rf"(?:{_pattern(every('lines'))})\Z"),
        labels=re.compile(rf"(?:{_pattern(every('labels'))})\Z"),
        cues=re.compile(rf"(?<!\w)(?:{_pattern(every('cues'))})(?!\w)"),
        cue_words=frozenset(w[0] for w in map(_WORD.match, every("cues")) if w),
        comments=re.compile(rf"(?:{_pattern(every('comments'))})\Z"),
        credits=re.compile(rf"(?:{_pattern(every('credits'))})(?!\w)"),
        bylines=re.compile(rf"(?:{_pattern(every('bylines'))})(?=\s*:|\s+[A-Z@]|\s+the\s)", re.I),
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def _bare(text: str) -> str:
    """Without the bullets, arrows and pictures that dress a button."""
    return re.sub(r"\A[^\w(]+|[^\w.)]+\Z", "", _folded(text))


def is_chrome(paragraph: str) -> bool:
    """Whether a whole paragraph is page chrome, a plug, upload data or a player's message."""
    if len(paragraph) > _PLUG_MOST:
        return False
    text = paragraph.strip()
    letters = len(_LETTER.findall(text))
    if letters == 0 or _TIME_CODE.match(text):
        return True
    count = len(_WORD.findall(text))
    # A short line in another script than the article's: buttons and labels speak the site's language.
    if len(_LATIN.findall(text)) * 2 < letters and count <= _CHROME_MOST_WORDS:
        return True
    lists = _lists()
    if count <= _CHROME_MOST_WORDS and _STAMP.search(text) and text[-1] not in '.!?”"':
        return True
    if count <= _CHROME_MOST_WORDS and lists.lines.match(_bare(text)):
        return True
    label = _LABEL.match(text)
    if label:
        name = _bare(label[1])
        value = text[label.end() :]
        short = len(_WORD.findall(value)) <= _VALUE_MOST_WORDS
        if short and (lists.labels.match(name) or not _LATIN.search(name)) and _LETTER.search(name):
            return True
    if _ADDRESS.sub("", text).strip(" ,;|·•") == "":
        return True
    # Quoted words are somebody's, not the page's.
    return is_plug(text) and text[0] not in '“"„«‘'


def is_plug(text: str) -> bool:
    """Whether a short text asks the reader for something: to subscribe, to follow, to accept cookies."""
    if len(text) > _PLUG_MOST:
        return False
    folded = _folded(text)
    lists = _lists()
    return not lists.cue_words.isdisjoint(_WORD.findall(folded)) and lists.cues.search(folded) is not None


def opens_comments(paragraph: str) -> bool:
    """Whether a line heads a comment box."""
    return len(paragraph) <= 60 and _lists().comments.match(_bare(paragraph).rstrip(" :")) is not None


def is_byline(paragraph: str, language: str) -> bool:
    """Whether a paragraph names who made the text: `(Reporting by …; editing by …)`, `By Jane Doe`, `Editor: Budi`."""
    text = paragraph.strip().lstrip("([*_ ")
    if len(text) <= _PLUG_MOST and _lists().credits.search(_folded(text)):
        return True
    if len(text) > 600:
        return False
    if is_signature(paragraph.strip(), language):
        return True
    found = _lists().bylines.match(text)
    if found:
        rest = text[found.end() :].lstrip(" :")
        # "Reporting by Reuters shows that …" is news: in a byline most words are names.
        parts = _NAME.findall(rest)
        named = 2 * sum(p[0].isupper() for p in parts) >= len(parts) > 0
        return named and (rest[0].isupper() or rest.startswith("the ") or rest[0] == "@")
    lead = words(language)["segment"]["byline"]["lead"]
    opening = re.match(rf"(?i)(?:{'|'.join(map(re.escape, lead))})\s*:?\s+", text)
    return bool(opening) and text[-1] not in ".!?" and _names(text[opening.end() :] if opening else "")


def is_signature(text: str, language: str) -> bool:
    """Whether a text is an agency's or the desk's mark below a story: `(Reuters)`, `(ANTARA)`, `(fdl/eds)`."""
    found = _SIGNATURE.match(text)
    if not found:
        return False
    agencies = {name.casefold() for name in words(language)["segment"]["dateline"]["agencies"]}
    return not agencies.isdisjoint(found[1].casefold().split("/")) or _INITIALS.match(found[1]) is not None


def _names(text: str) -> bool:
    """Whether a short text consists of names: capitalised words joined by commas, `and`, particles."""
    parts = _NAME.findall(text)
    small = {
        "and",
        "en",
        "dan",
        "van",
        "de",
        "der",
        "den",
        "bin",
        "binti",
        "al",
        "von",
        "in",
        "for",
        "the",
        "with",
        "di",
        "ter",
        "ten",
        "te",
        "da",
        "dos",
        "el",
    }
    return 0 < len(parts) <= 12 and parts[0][0].isupper() and all(p[0].isupper() or p.lower() in small for p in parts)
