"""What `benchmarks.speed` times, a process each: translators, encoders and aligners, ours and their peers."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import align, data, shapes
from retold.records import Side, Vectors

Work = Callable[[], object]
WARM = 500  # sentences up to which an aligner runs once before it is timed: above, loading is nothing


@dataclass(frozen=True, slots=True)
class Ready:
    """A system loaded and warm. work: one repetition; units: sentences it takes in; note: what else to say."""

    work: Work
    units: int
    note: str = ""


def sentences(language: str, number: int) -> list[str]:
    """FLORES sentences of 30 or more characters, where the set is there; else the H200 story's own."""
    found = [t for t in data.flores(language) if len(t) >= 30]
    if not found:
        from retold.segment import segment
        from retold.story import read

        story = read(data.ROOT / "data" / "stories" / "h200")
        found = [s.text for d in story.documents if d.language == language for s in segment(d) if len(s.text) >= 30]
    return [found[n % len(found)] for n in range(number)]


def training() -> list[str]:
    """What the tokenizers of the random models are trained on."""
    return sentences("id", 500) + sentences("en", 500)


def bundled_search(number: int, folder: Path) -> Ready:
    """The bundled translator's beam search, as its batches run it."""
    from retold.translate.bundled import BEAMS, Bundled

    engine, texts = Bundled(), sentences("id", number)
    engine.translate(texts[:1], "id")
    return Ready(lambda: engine._search(texts, "id", BEAMS), number, engine.signature)


def bundled_whole(number: int, folder: Path) -> Ready:
    """The same with all that a call does: checks, and a wider search where every candidate loses something."""
    from retold.translate.bundled import Bundled

    engine, texts = Bundled(), sentences("id", number)
    engine.translate(texts[:1], "id")
    return Ready(lambda: engine.translate(texts, "id"), number)


def bundled_generate(number: int, folder: Path) -> Ready:
    """transformers' `generate`, one sentence at a time: same weights, precision, prompt, beams and limits."""
    from retold.cores import patient

    patient()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from retold.translate import bundled, convert

    where = convert.converted(bundled.Bundled().adapter)
    tokenizer = AutoTokenizer.from_pretrained(where)
    with convert.quiet():
        model: Any = AutoModelForCausalLM.from_pretrained(where, dtype=getattr(torch, bundled.precision()))

    def work(texts: Sequence[str]) -> None:
        for text in texts:
            prompt = tokenizer(bundled.prompt(text, "id"), return_tensors="pt")
            limit = int(1.5 * len(tokenizer(text)["input_ids"])) + 18
            with torch.inference_mode():
                model.generate(**prompt, num_beams=bundled.BEAMS, do_sample=False, max_new_tokens=limit)

    texts = sentences("id", number)
    work(texts[:1])
    return Ready(lambda: work(texts), number)


def marian_hub(number: int, folder: Path, *, fast: bool = False) -> Ready:
    """A Marian of true shape through the hub engine, by transformers in batches."""
    from retold.translate.hub import Hub

    engine, texts = Hub("local", folder / "marian", fast=fast), sentences("id", number)
    engine.translate(texts[:1], "id")
    return Ready(lambda: engine.translate(texts, "id"), number, engine.signature)


def marian_fast(number: int, folder: Path) -> Ready:
    """The same through CTranslate2 in eight bits."""
    made = marian_hub(number, folder, fast=True)
    if "ctranslate2" not in made.note:
        raise RuntimeError("CTranslate2 is not installed")
    return made


def marian_generate(number: int, folder: Path) -> Ready:
    """The same model by `generate`, one sentence at a time: same beams and limits."""
    from retold.cores import patient

    patient()
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    from retold.translate import convert, hub

    tokenizer = AutoTokenizer.from_pretrained(folder / "marian")
    with convert.quiet():
        model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder / "marian")

    def work(texts: Sequence[str]) -> None:
        for text in texts:
            given = tokenizer(text, return_tensors="pt", truncation=True, max_length=shapes.LENGTH)
            [(width, _)] = hub._batches([given["input_ids"].shape[1]])
            limit = min(2 * width + 10, shapes.LENGTH)
            with torch.inference_mode():
                model.generate(**given, num_beams=hub.BEAMS, do_sample=False, max_new_tokens=limit, max_length=None)

    texts = sentences("id", number)
    work(texts[:1])
    return Ready(lambda: work(texts), number)


def encode_bundled(number: int, folder: Path) -> Ready:
    from retold.encode.bundled import Bundled

    engine, texts = Bundled(), sentences("id", number // 2) + sentences("en", number - number // 2)
    engine.encode(texts[:2])
    return Ready(lambda: engine.encode(texts), number, engine.signature)


def encode_peer(number: int, folder: Path) -> Ready:
    """sentence-transformers with a random model of the same shape, in its own batches of 32."""
    from retold.cores import patient, threads

    patient()
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads())
    model: Any = SentenceTransformer(str(folder / "e5" / "model"), device="cpu")
    texts = [f"query: {t}" for t in sentences("id", number // 2) + sentences("en", number - number // 2)]
    model.encode(texts[:2], normalize_embeddings=True)
    return Ready(lambda: model.encode(texts, normalize_embeddings=True, show_progress_bar=False), number)


class Given:
    """Vectors by text, made up: a version's are the original's and noise."""

    name = signature = "given"

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        self.known = dict(zip(texts, vectors, strict=True))

    def encode(self, texts: list[str]) -> Vectors:
        other = np.full(384, 384**-0.5, np.float32)  # what a peer puts in beside the texts
        return np.stack([self.known.get(t, other) for t in texts]) if texts else np.zeros((0, 384), np.float32)


def parallel(number: int) -> tuple[Side, Side, Given]:
    """A text of `number` sentences and its version, of which every tenth sentence is cut in two, vectors given."""
    rng = np.random.default_rng(0)
    english, dutch = sentences("en", number), sentences("nl", number)
    texts = [f"{text} {n}" for n, text in enumerate(english)]
    base = rng.normal(size=(number, 384)).astype(np.float32)
    version: list[str] = []
    source: list[int] = []
    for n, text in enumerate(dutch):
        half = len(text) // 2
        parts = [f"{text[:half]} {n}", f"{text[half:]} {n}."] if n % 10 == 9 else [f"{text} {n}…"]
        version += parts
        source += [n] * len(parts)
    sides = (base + 0.6 * rng.normal(size=base.shape), base[source] + 0.6 * rng.normal(size=(len(source), 384)))
    vectors = np.concatenate([s / np.linalg.norm(s, axis=1, keepdims=True) for s in sides]).astype(np.float32)
    return Side.of_sentences(texts, "en"), Side.of_sentences(version, "nl"), Given([*texts, *version], vectors)


def aligner(system: str) -> Callable[[int, Path], Ready]:
    """A peer of `benchmarks.align`, on texts whose vectors are given; at most 10 GB of memory are let it have."""

    def make(number: int, folder: Path) -> Ready:
        original, version, engine = parallel(number)
        resource.setrlimit(resource.RLIMIT_AS, (10 << 30, 10 << 30))

        def work() -> object:
            return align.PEERS[system](original, version, engine)

        if number <= WARM:
            work()
        return Ready(work, number)

    return make


SYSTEMS: dict[str, Callable[[int, Path], Ready]] = {
    "bundled, batches": bundled_search,
    "bundled, whole call": bundled_whole,
    "bundled, generate one at a time": bundled_generate,
    "Marian, batches": marian_hub,
    "Marian, CTranslate2 int8": marian_fast,
    "Marian, generate one at a time": marian_generate,
    "encoder, bundled": encode_bundled,
    "encoder, sentence-transformers": encode_peer,
    **{f"align, {name}": aligner(name) for name in align.PEERS},
}


def repeat(work: Work, times: int, limit: float) -> tuple[list[float], list[float]]:
    """Seconds, and seconds of CPU, of each repetition: at most `times`, and none begun after `limit` seconds."""
    took: list[float] = []
    spent: list[float] = []
    begun = time.perf_counter()
    while len(took) < times and (not took or time.perf_counter() - begun < limit):
        start, cpu = time.perf_counter(), time.process_time()
        work()
        took.append(time.perf_counter() - start)
        spent.append(time.process_time() - cpu)
    return took, spent
