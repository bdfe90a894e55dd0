"""The counted word lists of retold/languages, made again: `python -m training.word_lists`.

common.xx.txt: words of a language written small more often than with a capital inside a sentence. pairs.xx.tsv: English
words and what stands for them, by IBM model 1 (Brown et al. 1993) in both directions. Both are counts over the training
pairs of the translator (see training/README.md); no sentence of theirs is in the lists.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from benchmarks import data
from retold.facts.fold import fold, sound

FOLDER = Path(__file__).resolve().parent.parent / "retold" / "languages"
LANGUAGES = ("id", "nl")
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
TOKEN = re.compile(r"[^\W_](?:[\w]|[-'’.](?=\w))*")
PLAIN = re.compile(r"[^\W\d_][^\W\d_'-]+(?:[-'][^\W\d_]+)*")
LEAST = 0.115  # least geometric mean of p(f|e) and p(e|f) of a pair
ROUNDS, LONGEST = 6, 45

COMMON_HEAD = """# Words of {} written small more often than with a capital inside a sentence, and at least twice.
# Counted over the training pairs of docs/models.md (PANL, Guntara et al. 2020, Tatoeba, OPUS Books)."""
PAIRS_HEAD = """# English words and what stands for them in the other language, likeliest first: IBM model 1 in both
# directions, the geometric mean of p(f|e) and p(e|f) at least 0.115; pairs that look alike and names are left out.
# Counted over the training pairs of docs/models.md (PANL, Guntara et al. 2020, Tatoeba, OPUS Books).
# Folded as retold.facts.fold writes words."""


def common(texts: list[str]) -> list[str]:
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for text in texts:
        for match in WORD.finditer(text):
            word = match.group().replace("’", "'")
            before = text[: match.start()].rstrip(" \"'“‘(-")
            if word[0].islower():
                small[word] += 1
            elif before and before[-1] not in ".!?:…;" and not word.isupper():
                large[word.lower()] += 1
    return sorted(w for w, n in small.items() if n >= 2 and n >= large[w] and len(w) > 1)


def pairs(foreign: list[str], english: list[str]) -> dict[str, list[str]]:
    """English words → foreign ones, likeliest first."""
    rows = []
    for f, e in zip(foreign, english, strict=True):
        a, b = (list(dict.fromkeys(fold(m.group()) for m in TOKEN.finditer(t))) for t in (e, f))
        if 0 < len(a) <= LONGEST and 0 < len(b) <= LONGEST:
            rows.append((a, b))
    ours = {w: i for i, w in enumerate(dict.fromkeys(w for a, _ in rows for w in a))}
    theirs = {w: i for i, w in enumerate(dict.fromkeys(w for _, b in rows for w in b))}
    ei, fi, es, fs = [], [], [], []  # a link's two words, and their places among all words of their side
    at = [0, 0]
    for a, b in rows:
        i, j = np.array([ours[w] for w in a]), np.array([theirs[w] for w in b])
        ei.append(np.repeat(i, len(b)))
        fi.append(np.tile(j, len(a)))
        es.append(np.repeat(np.arange(at[0], at[0] + len(a)), len(b)))
        fs.append(np.tile(np.arange(at[1], at[1] + len(b)), len(a)))
        at = [at[0] + len(a), at[1] + len(b)]
    key = np.concatenate(ei) * len(theirs) + np.concatenate(fi)
    kinds, link = np.unique(key, return_inverse=True)
    e_of, f_of = kinds // len(theirs), kinds % len(theirs)

    def learn(given: np.ndarray, place: np.ndarray) -> np.ndarray:
        chance = np.ones(len(kinds))
        for _ in range(ROUNDS):
            p = chance[link]
            p = p / (np.bincount(place, weights=p)[place] + 1e-3)
            count = np.bincount(link, weights=p, minlength=len(kinds))
            chance = count / (np.bincount(given, weights=count)[given] + 0.5)  # rare words stay unsure
        return chance

    forth, back = learn(e_of, np.concatenate(fs)), learn(f_of, np.concatenate(es))
    score = np.sqrt(forth * back)
    english_words, foreign_words = list(ours), list(theirs)
    out: dict[str, list[tuple[float, str]]] = {}
    for k in np.flatnonzero((forth > 0.03) & (back > 0.03) & (score >= LEAST)):
        e, f = english_words[e_of[k]], foreign_words[f_of[k]]
        if re.fullmatch(r"[a-z][a-z'-]+", e) and PLAIN.fullmatch(f) and fuzz.ratio(sound(f), sound(e)) < 80:
            out.setdefault(e, []).append((float(score[k]), f))
    named = _names(foreign, english)
    kept = {e: [f for _, f in sorted(some, reverse=True) if f not in named] for e, some in sorted(out.items())}
    return {e: some for e, some in kept.items() if some}


def _names(foreign: list[str], english: list[str]) -> set[str]:
    """Foreign words that are names: nearly always with a capital, and in the English too."""
    there = Counter(fold(m.group()) for t in english for m in TOKEN.finditer(t))
    here = [m.group() for t in foreign for m in TOKEN.finditer(t)]
    count, large = Counter(map(fold, here)), Counter(fold(w) for w in here if w[0].isupper())
    return {w for w, n in count.items() if there[w] >= 0.3 * n and large[w] > 0.8 * n}


def main() -> None:
    rows = {language: data.training_pairs(language) for language in LANGUAGES}
    texts = {language: [row[1] for row in some] for language, some in rows.items()}
    texts["en"] = [row[2] for some in rows.values() for row in some]
    for language, sentences in texts.items():
        _write(f"common.{language}.txt", [COMMON_HEAD.format(language), *common(sentences)])
    for language, some in rows.items():
        found = pairs([row[1] for row in some], [row[2] for row in some])
        _write(f"pairs.{language}.tsv", [PAIRS_HEAD, *(f"{e}\t{' '.join(words)}" for e, words in found.items())])


def _write(name: str, lines: list[str]) -> None:
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
