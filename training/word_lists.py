"""The counted word lists of retold/languages, made again: `python -m training.word_lists`.

common.xx.txt: words of a language written small more often than with a capital inside a sentence, counted over the
training pairs of the translator (see training/README.md); no sentence of theirs is in the lists.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from benchmarks import data

FOLDER = Path(__file__).resolve().parent.parent / "retold" / "languages"
LANGUAGES = ("id", "nl")
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

COMMON_HEAD = """# Words of {} written small more often than with a capital inside a sentence, and at least twice.
# Counted over the training pairs of docs/models.md (PANL, Guntara et al. 2020, Tatoeba, OPUS Books)."""


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


def main() -> None:
    rows = {language: data.training_pairs(language) for language in LANGUAGES}
    texts = {language: [row[1] for row in some] for language, some in rows.items()}
    texts["en"] = [row[2] for some in rows.values() for row in some]
    for language, sentences in texts.items():
        _write(f"common.{language}.txt", [COMMON_HEAD.format(language), *common(sentences)])


def _write(name: str, lines: list[str]) -> None:
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
