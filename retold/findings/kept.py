"""Whether the words that a cue stands among are told on the other side: a hedge gone with all it hedged is no loss."""

from __future__ import annotations

import re

from retold.findings.clauses import answers
from retold.findings.lexicon import function_words
from retold.findings.passage import Passage

REACH = 4  # content words on either side of a cue that make its statement
BREAK = re.compile(r"[,;:–—()“”\"]")


def share(n: int, start: int, end: int, here: Passage, there: Passage, near: Passage, *, before: bool = True) -> float:
    """The share, in [0, 1], of the content words around text[start:end] of segment n that have a counterpart.

    The words stop at punctuation; 0.5 where there are none. before: False for those after the cue alone.
    """
    text = here.texts[here.numbers.index(n)]
    light = function_words(here.language)
    some = [w for w in here.words if w.n == n and w.folded not in light and len(w.folded) > 1]
    after, ahead = text[end:], text[:start]
    stop = BREAK.search(after)
    last = end + stop.start() if stop else len(text)
    first = max((m.end() for m in BREAK.finditer(ahead)), default=0)
    around = [w for w in some if end <= w.start < last][:REACH]
    if before or not around:
        around += [w for w in some if first <= w.start < start][-REACH:]
    theirs = dict.fromkeys(
        w.folded for w in (*there.words, *near.words) if w.folded not in function_words(there.language)
    )
    known = [any(answers(w.folded, t, here.language, there.language) for t in theirs) for w in around]
    return sum(known) / len(known) if known else 0.5
