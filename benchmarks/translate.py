"""Every translator there is on FLORES dev and the story's Dutch references: `python -m benchmarks.translate`.

Engines run bare, without memory or store. kept: the share of sentences whose figures (numbers in digits) are all in the
output; names: the share of the source's names found in it. Both are also given for the references, which show what a
perfect translator would get. Speed and memory are those of this process on this machine, other work and all.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time

from benchmarks import data
from retold.records import RetoldError
from retold.translate import ENGINES, engine
from retold.translate.bundled import BEAMS, Bundled
from retold.translate.check import lost_names, lost_numbers

Pairs = list[tuple[str, str]]  # source, reference


def flores(language: str, limit: int) -> Pairs:
    """Up to `limit` pairs, evenly spread over the set; none where it is not there."""
    paths = [data.folder() / f"flores-dev.{code}" for code in (language, "en")]
    if not all(map(data.have, paths)):
        return []
    sides = [path.read_text(encoding="utf-8").splitlines() for path in paths]
    pairs = list(zip(*sides, strict=True))
    step = max(1, len(pairs) // limit) if limit else 1
    return pairs[::step][: limit or None]


def story(language: str) -> Pairs:
    """The story's hand-made reference translations; none where they are not there."""
    path = data.gold_folder() / f"h200-{language}.json"
    if not data.have(path):
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))["version"]
    return [(row["text"], row["reference"]) for row in rows if row.get("reference")]


def kept(pairs: Pairs, made: list[str], language: str) -> str:
    """Shares of sentences with all figures and of names kept, in percent."""
    figured = [(s, e) for (s, _), e in zip(pairs, made, strict=True) if re.search(r"\d", s)]
    whole = sum(not any(re.search(r"\d", n) for n in lost_numbers(s, e, language)) for s, e in figured)
    names = [(sum(1 for _ in found(s, language)), len(lost_names(s, e, language))) for (s, _), e in
             zip(pairs, made, strict=True)]  # fmt: skip
    total, lost = (sum(column) for column in zip(*names, strict=True))
    return (
        f"figures kept in {100 * whole / max(1, len(figured)):5.1f} %, names {100 * (1 - lost / max(1, total)):5.1f} %"
    )


def found(source: str, language: str) -> list[str]:
    """The names that `lost_names` looks for: all that an empty translation would lose."""
    return lost_names(source, "", language)


def measure(name: str, language: str, what: str, pairs: Pairs) -> None:
    import sacrebleu

    some = engine(name)
    some.translate([pairs[0][0]], language)  # loading is not part of the speed
    start = time.perf_counter()
    made = some.translate([source for source, _ in pairs], language)
    seconds = time.perf_counter() - start
    texts, references = [t.text for t in made], [[reference for _, reference in pairs]]
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    scores = bleu.corpus_score(texts, references).score, chrf.corpus_score(texts, references).score
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{name:8} {what} {language} n={len(pairs)}: BLEU {scores[0]:.1f}, chrF {scores[1]:.1f}; "
          f"{kept(pairs, texts, language)}; warned {sum(bool(t.warnings) for t in made)}; "
          f"{len(pairs) / seconds:.2f} sentences/s, peak {peak:.2f} GB")  # fmt: skip
    print(f"         {bleu.get_signature()} {chrf.get_signature()}\n         {some.signature}", flush=True)


def speed(language: str, pairs: Pairs) -> None:
    """The bundled engine's batches against transformers' beam search one sentence at a time, same weights and run."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from retold.translate import convert
    from retold.translate.bundled import prompt

    some = Bundled()
    some.translate([pairs[0][0]], language)
    start = time.perf_counter()
    some._search([source for source, _ in pairs], language, BEAMS)
    ours = time.perf_counter() - start
    folder = convert.converted(some.adapter)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=some._model.dtype)
    start = time.perf_counter()
    with torch.inference_mode():
        for source, _ in pairs:
            asked = tokenizer(prompt(source, language), return_tensors="pt")
            limit = int(1.5 * len(tokenizer(source)["input_ids"])) + 18
            model.generate(**asked, num_beams=BEAMS, do_sample=False, max_new_tokens=limit)
    theirs = time.perf_counter() - start
    print(f"bundled  {language} n={len(pairs)}: {len(pairs) / ours:.2f} sentences/s; transformers one at a time "
          f"{len(pairs) / theirs:.2f}; {theirs / ours:.1f} times as fast")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--limit", type=int, default=0, help="sentences of FLORES dev a language (default: all 997)")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this one (may be given again)")
    parser.add_argument("--language", action="append", choices=("id", "nl"))
    parser.add_argument("--speed", type=int, default=0, metavar="N", help="also time N sentences against transformers")
    args = parser.parse_args()
    for language in args.language or ("id", "nl"):
        sets = {"flores-dev": flores(language, args.limit), "h200": story(language)}
        for what, pairs in sets.items():
            if pairs:
                print(f"reference {what} {language}: {kept(pairs, [r for _, r in pairs], language)}")
            for name in args.engine or ENGINES if pairs else ():
                try:
                    measure(name, language, what, pairs)
                except RetoldError as error:
                    print(f"{name:8} {what} {language}: skipped: {error}")
        if args.speed and sets["flores-dev"]:
            speed(language, sets["flores-dev"][: args.speed])


if __name__ == "__main__":
    main()
