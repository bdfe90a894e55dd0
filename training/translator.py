"""Train the bundled translator's adapter: a low-rank update of Gemma 3 270M, from Indonesian and Dutch into English.

    python -m training.pairs ../shared/mt training/runs/pairs.tsv
    python -m training.translator train --run training/runs/a --minutes 60    # the same again to go on
    python -m training.translator evaluate --adapter training/runs/a/adapter --sentences 200
    python -m training.translator average --out training/runs/mean training/runs/a/adapter training/runs/b/adapter

Prompt: 'Indonesian: SOURCE\\nWords: GLOSSES\\nEnglish:' (or 'Dutch: ...'), the English that the glossary has for the
source's rarer words in their order; target ' ENGLISH' and the end of the sequence. Only the target enters the loss, and
only frequent words are scored, which makes a step affordable on two cores. bfloat16 weights, float32 update. A graphics
card is used when there is one. A run stops after `--minutes` and goes on from its last state exactly as if it had not
stopped; on one machine the same seed gives the same adapter.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from retold.records import Translator
from retold.translate.adapter import FOLDER
from retold.translate.bundled import LANGUAGES, prompt
from training import lora
from training.pairs import Pair, read_mix

Encoded = tuple[list[int], list[int]]  # prompt, target
PLAIN = 0.08  # share of the pairs that are asked for without the glossary's words, which a text may lack
SAVE_EVERY = 300  # seconds between two states


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run's result depends on, beside the pairs and the base."""

    steps: int = 3000
    tokens: int = 1400  # a batch's, padding included: some 18 news sentences
    rate: float = 4e-4  # reached after `warmup` steps, kept, and brought linearly to zero in the last `decay` steps
    warmup: int = 30
    decay: int = 1000
    rank: int = 32
    alpha: float = 64.0
    longest: int = 220  # tokens of prompt and target
    drop: float = 0.1  # share of each batch left out, that of the highest loss
    window: int = 24  # batches sorted by length together
    seed: int = 1

    def rate_at(self, step: int) -> float:
        """Learning rate of a step counted from 0."""
        return self.rate * min(1.0, (step + 1) / self.warmup, (self.steps - step) / max(1, self.decay))


def encode(pairs: Sequence[Pair], tokenizer: Any, longest: int) -> list[Encoded]:
    """Token numbers of every pair short enough."""
    asked = [prompt(p.source, p.language, hinted=random.Random(p.source).random() >= PLAIN) for p in pairs]
    prompts = tokenizer(asked)["input_ids"]
    targets = tokenizer([" " + p.english for p in pairs], add_special_tokens=False)["input_ids"]
    both = ((p, [*t, tokenizer.eos_token_id]) for p, t in zip(prompts, targets, strict=True))
    return [(p, t) for p, t in both if len(p) + len(t) <= longest]


def batches(data: Sequence[Encoded], plan: Plan) -> Iterator[list[Encoded]]:
    """Batches without end, the same for the same plan: sorted by length within a window, cut at `plan.tokens`."""
    chance = random.Random(plan.seed)
    for epoch in itertools.count():
        order = list(range(len(data)))
        if epoch:
            chance.shuffle(order)
        size = max(1, plan.window * plan.tokens // 70)
        for start in range(0, len(order), size):
            some = sorted(order[start : start + size], key=lambda i: (len(data[i][0]) + len(data[i][1]), i))
            cut: list[list[Encoded]] = [[]]
            for i in some:
                width = len(data[i][0]) + len(data[i][1])
                if cut[-1] and width * (len(cut[-1]) + 1) > plan.tokens:
                    cut.append([])
                cut[-1].append(data[i])
            chance.shuffle(cut)
            yield from cut


class Scorer:
    """Mean negative log-likelihood of a batch's targets, in nats a token.

    Scored are the `frequent` commonest words of all targets in `data` and the batch's own: a softmax over all 262,144
    words would cost more than the model. `drop`: the share of the batch's pairs left out, those of the highest loss, of
    which many are no translations (Kang and Hashimoto 2020).
    """

    def __init__(self, model: Any, data: Sequence[Encoded], frequent: int = 12000) -> None:
        counts = Counter(i for _, target in data for i in target)
        self.common = sorted(word for word, _ in counts.most_common(frequent))
        self.body, self.head = model.model, model.lm_head.weight
        self.place = torch.zeros(self.head.shape[0], dtype=torch.long)

    def __call__(self, batch: Sequence[Encoded], drop: float = 0.0) -> Tensor:
        device = self.head.device
        width = max(len(p) + len(t) for p, t in batch)
        ids, mask = torch.zeros(len(batch), width, dtype=torch.long), torch.zeros(len(batch), width, dtype=torch.long)
        rows: list[int] = []
        gold: list[int] = []
        for r, (p, t) in enumerate(batch):
            ids[r, : len(p) + len(t)] = torch.tensor(p + t)
            mask[r, : len(p) + len(t)] = 1
            rows += [r * width + len(p) + k - 1 for k in range(len(t))]
            gold += t
        words = torch.tensor(sorted({*self.common, *gold}))
        self.place[words] = torch.arange(len(words))
        hidden = self.body(input_ids=ids.to(device), attention_mask=mask.to(device), use_cache=False).last_hidden_state
        picked = hidden.reshape(-1, hidden.shape[-1])[torch.tensor(rows, device=device)]
        scores = picked @ self.head[words.to(device)].detach().T
        losses = nn.functional.cross_entropy(
            scores.float(), self.place[torch.tensor(gold)].to(device), reduction="none"
        )
        if not drop:
            return losses.mean()
        lengths = [len(t) for _, t in batch]
        means = torch.stack([part.mean() for part in losses.detach().split(lengths)])  # type: ignore[no-untyped-call]
        worst = means.topk(int(drop * len(batch))).indices
        keep = torch.ones(len(batch), device=device)
        keep[worst] = 0
        share = keep.repeat_interleave(torch.tensor(lengths, device=device))
        return (losses * share).sum() / share.sum()


def load_base(base: Path | None = None) -> tuple[Any, Any]:
    """Tokenizer and bfloat16 model, on the graphics card if there is one.

    base: a converted model's folder; the bundled model, converted, if none is given.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from retold.translate.convert import converted

    folder = base or converted(None)
    # eager: the fused attention of the CPU build is slower than two plain products at these lengths
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="eager")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return AutoTokenizer.from_pretrained(folder), model.to(device)


def read_dev(folder: Path, sentences: int) -> list[Pair]:
    """The first sentences of FLORES-200 dev, both languages."""
    lines = {
        k: (folder / f"flores-dev.{k}").read_text(encoding="utf-8").splitlines()[:sentences] for k in (*LANGUAGES, "en")
    }
    return [Pair(k, "flores", s, e) for k in LANGUAGES for s, e in zip(lines[k], lines["en"], strict=True)]


def dev_losses(model: Any, pairs: Sequence[Pair], tokenizer: Any) -> dict[str, float]:
    """Loss of each language's pairs, nats a token, over these pairs' words: not comparable with the training loss."""
    scorer = Scorer(model, encode(pairs, tokenizer, 10**6))
    losses = {}
    for language in LANGUAGES:
        data = sorted(
            encode([p for p in pairs if p.language == language], tokenizer, 10**6), key=lambda d: len(d[0]) + len(d[1])
        )
        total = count = 0.0
        with torch.no_grad():
            for start in range(0, len(data), 16):
                part = data[start : start + 16]
                n = sum(len(t) for _, t in part)
                total, count = total + scorer(part).item() * n, count + n
        losses[language] = total / count
    return losses


@dataclass(frozen=True, slots=True)
class Report:
    """What a run prints: the loss every `every` steps and, every `dev_every`, that of `dev` pairs."""

    dev: Sequence[Pair]
    tokenizer: Any
    every: int = 20
    dev_every: int = 200

    def step(self, step: int, losses: Sequence[float], rate: float, seconds: float, model: Any) -> None:
        """Print what is due after this step; `seconds` a step so far."""
        now = time.strftime("%H:%M:%S")
        if step % self.every == 0:
            mean = sum(losses[-self.every :]) / len(losses[-self.every :])
            print(f"{now} step {step} loss {mean:.3f} rate {rate:.2g} {seconds:.2f} s/step", flush=True)
        if step % self.dev_every == 0:
            print(f"{now} step {step} dev {dev_losses(model, self.dev, self.tokenizer)}", flush=True)


def train(
    model: Any,
    data: Sequence[Encoded],
    run: Path,
    plan: Plan,
    *,
    minutes: float = math.inf,
    until: int | None = None,
    start: Path | None = None,
    report: Report | None = None,
) -> int:
    """Train until step `until` (`plan.steps` if not given) or for `minutes`; returns the number of steps done in all.

    Writes `run/state.pt`, from which the next call goes on, and `run/adapter/`. `start`: an adapter to begin from.
    """
    torch.manual_seed(plan.seed)
    weights = lora.add_lora(model, rank=plan.rank, alpha=plan.alpha)
    if start is not None:
        lora.load_into(weights, start, scale=plan.alpha / plan.rank)
    model.to(next(iter(model.parameters())).device)  # the new weights to where the model is
    optimizer = torch.optim.AdamW(list(weights.values()), lr=plan.rate, weight_decay=0.0, betas=(0.9, 0.98))
    run.mkdir(parents=True, exist_ok=True)
    (run / "plan.json").write_text(json.dumps(asdict(plan), indent=2) + "\n", encoding="utf-8")
    state_file, step = run / "state.pt", 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        step = state["step"]
        optimizer.load_state_dict(state["optimizer"])
        with torch.no_grad():
            for name, value in state["weights"].items():
                weights[name].copy_(value)
    scorer, losses, began = Scorer(model, data), list[float](), time.monotonic()
    saved = began

    def keep() -> None:
        part = state_file.with_suffix(".part")
        values = {name: weight.detach() for name, weight in weights.items()}
        torch.save({"step": step, "optimizer": optimizer.state_dict(), "weights": values}, part)
        part.replace(state_file)
        lora.save(weights, run / "adapter", rank=plan.rank, alpha=plan.alpha)

    model.train()
    for batch in itertools.islice(batches(data, plan), step, None):
        if step >= min(plan.steps, until or plan.steps) or time.monotonic() - began > minutes * 60:
            break
        for group in optimizer.param_groups:
            group["lr"] = plan.rate_at(step)
        loss = scorer(batch, plan.drop)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(list(weights.values()), 1.0)
        optimizer.step()
        step += 1
        losses.append(loss.item())
        if report is not None:
            report.step(step, losses, plan.rate_at(step - 1), (time.monotonic() - began) / len(losses), model)
        if time.monotonic() - saved > SAVE_EVERY:
            keep()
            saved = time.monotonic()
    keep()
    return step


def evaluate(engine: Translator, pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    """BLEU and chrF (sacrebleu, 0 to 100, higher is better) of each language, with signatures and outputs."""
    from sacrebleu.metrics import BLEU, CHRF

    results: dict[str, dict[str, Any]] = {}
    for language in dict.fromkeys(p.language for p in pairs):
        own = [p for p in pairs if p.language == language]
        outputs = [t.text for t in engine.translate([p.source for p in own], language)]
        results[language] = {"sentences": len(own), "outputs": outputs}
        for name, metric in (("BLEU", BLEU()), ("chrF", CHRF())):
            results[language][name] = round(metric.corpus_score(outputs, [[p.english for p in own]]).score, 2)
            results[language][f"{name} signature"] = str(metric.get_signature())
    return results


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the module's docstring."""
    parser = argparse.ArgumentParser(description="Train and evaluate the bundled translator's adapter.")
    commands = parser.add_subparsers(dest="command", required=True)
    run, score, mean = (commands.add_parser(name) for name in ("train", "evaluate", "average"))
    for command in (run, score):
        command.add_argument(
            "--dev", type=Path, default=Path("../shared/bench/data"), help="folder of flores-dev.{id,nl,en}"
        )
        command.add_argument("--threads", type=int)
    run.add_argument("--base", type=Path, help="a converted base model; the bundled one by default")
    run.add_argument("--pairs", type=Path, default=Path("training/runs/pairs.tsv"))
    run.add_argument("--run", type=Path, required=True)
    run.add_argument("--start", type=Path, help="adapter to begin from")
    run.add_argument("--slow", action="store_true", help="do not compile the layers")
    run.add_argument("--minutes", type=float, default=math.inf)
    for name, value in asdict(Plan()).items():
        run.add_argument(f"--{name}", type=type(value), default=value)
    score.add_argument("--adapter", type=Path, default=FOLDER, help="the package's own by default")
    score.add_argument("--sentences", type=int, default=100)
    score.add_argument("--outputs", type=Path, help="write the translations and scores here, as JSON")
    mean.add_argument("adapters", type=Path, nargs="+")
    mean.add_argument("--shares", type=float, nargs="+", help="one a adapter; equal by default")
    mean.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    if options.command == "average":
        shares = options.shares or [1 / len(options.adapters)] * len(options.adapters)
        lora.average(dict(zip(options.adapters, shares, strict=True)), options.out)
        return
    if options.threads:
        torch.set_num_threads(options.threads)
    if options.command == "train":
        tokenizer, model = load_base(options.base)
        plan = Plan(**{name: getattr(options, name) for name in asdict(Plan())})
        data = encode(read_mix(options.pairs), tokenizer, plan.longest)
        print(len(data), "pairs", plan, flush=True)
        if not options.slow:
            for layer in (
                model.model.layers
            ):  # one layer's code serves all: compiled in half a minute, and a step takes 0.6 of the time
                layer.compile(dynamic=True)
        report = Report(read_dev(options.dev, 48), tokenizer)
        done = train(model, data, options.run, plan, minutes=options.minutes, start=options.start, report=report)
        print(f"{done} steps done; the adapter is in {options.run / 'adapter'}")
        return
    from retold.translate.bundled import Bundled

    results = evaluate(Bundled(options.adapter), read_dev(options.dev, options.sentences))
    if options.outputs:
        options.outputs.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    for language, result in results.items():
        print(language, {k: v for k, v in result.items() if k != "outputs"}, flush=True)


if __name__ == "__main__":
    main()
