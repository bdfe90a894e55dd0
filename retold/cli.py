"""The command line: `retold run`, `batch`, `translate`, `engines`, `models`.

Exit code 0: done; 1: the job failed; 2: a bad call. Errors go to stderr in one sentence.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from retold import __version__
from retold.languages import LANGUAGES
from retold.records import RetoldError

Command = Callable[[argparse.Namespace], None]


def _run(args: argparse.Namespace) -> None:
    from retold.compare import load

    out = Path(args.out)
    if out.exists() and not out.is_dir():
        raise RetoldError(f"--out {out}: this is a file; a folder is needed")
    story = load(args.story, translator=args.translator, encoder=args.encoder, store=args.store)
    for line in story.story.warnings:
        print(f"retold: {line}", file=sys.stderr)
    for path in story.write(out):
        print(path)


def _batch(args: argparse.Namespace) -> None:
    from retold import batch
    from retold.encode import encoder
    from retold.store import CachedEncoder, Store

    # Versions of one story share the original's vectors.
    engine = CachedEncoder(encoder(args.encoder), Store(args.store))
    number = batch.run(Path(args.source), Path(args.target), engine, facts=not args.no_facts)
    print(f"{number} lines written to {args.target}", file=sys.stderr)


def _translate(args: argparse.Namespace) -> None:
    from retold.store import Store
    from retold.translate import translator

    try:
        lines = sys.stdin.buffer.read().decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise RetoldError(f"standard input is not UTF-8 (byte {error.start})") from None
    engine = translator(args.engine, store=Store(args.store))
    for n, made in enumerate(engine.translate(lines, args.source)):
        print(" ".join(made.text.split()))
        for warning in made.warnings:
            print(f"retold: line {n + 1}: {warning}", file=sys.stderr)


def _engines(args: argparse.Namespace) -> None:
    from retold.encode import engines as encoders
    from retold.translate.models import engines as translators

    for kind, some in (("translators", translators()), ("encoders", encoders())):
        print(kind)
        for engine in some:
            state = "here" if engine.present else f"missing: {engine.fetch}"
            print(f"  {engine.name:10} {engine.languages:14} {engine.licence:32} {state}")


def _models(args: argparse.Namespace) -> None:
    from retold.translate import models

    if args.action == "get":
        print(models.get(args.name))
    elif args.action == "list":
        for model in models.list_models():
            state = "here" if model.present else f"missing: retold models get {model.name}"
            columns = (
                f"{model.name:14} {model.repository:40} {model.revision[:12]:12} {model.licence:20} {model.size:>8}"
            )
            print(f"{columns}  {state}")
    else:
        bad = [f"{name}: {fault}" for name, fault in models.verify().items() if fault]
        if bad:
            raise RetoldError("; ".join(bad))
        print("every model in the cache is as it should be")


def parser() -> argparse.ArgumentParser:
    """The whole call syntax."""
    raw = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(prog="retold", description="How was this wire story retold?", formatter_class=raw)
    top.add_argument("--version", action="version", version=f"retold {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, does: Command, help: str, example: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name, help=help, description=help, epilog=f"example:\n  {example}", formatter_class=raw
        )
        made.set_defaults(does=does)
        return made

    def engines(made: argparse.ArgumentParser) -> None:
        made.add_argument("--encoder", default="auto", help="an encoder's name (default: auto)")

    def store(made: argparse.ArgumentParser) -> None:
        made.add_argument("--store", metavar="FILE", help="the file of cached and reviewed work (default: your own)")

    run = add("run", _run, "Compare a story's documents with its original and write the report and the exports.",
              "retold run data/stories/h200 --out reports/h200")  # fmt: skip
    run.add_argument("story", metavar="STORY", help="a story folder (holds story.toml)")
    run.add_argument("--out", required=True, metavar="FOLDER", help="where the results go; made if missing")
    run.add_argument("--translator", default="auto", help="an engine's name (default: auto)")
    engines(run)
    store(run)

    batch = add("batch", _batch, "Align and compare pre-segmented pairs, one JSON object a line.",
                "retold batch pairs.jsonl results.jsonl --no-facts")  # fmt: skip
    batch.add_argument("source", metavar="IN.jsonl")
    batch.add_argument("target", metavar="OUT.jsonl")
    batch.add_argument("--no-facts", action="store_true", help="links and beads only")
    engines(batch)
    store(batch)

    translate = add("translate", _translate, "Translate standard input into English, one sentence a line.",
                    "retold translate --from nl < sentences.txt > english.txt")  # fmt: skip
    foreign = [code for code in LANGUAGES if code != "en"]
    translate.add_argument("--from", dest="source", required=True, choices=foreign, help="the language of the lines")
    translate.add_argument("--engine", default="auto", metavar="NAME", help="an engine's name (default: auto)")
    store(translate)

    add("engines", _engines, "What is there to translate and encode with, and how to fetch the rest.", "retold engines")

    models = add("models", _models, "Fetch, list or verify hub models.", "retold models get opus-mt-nl-en")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    get = actions.add_parser("get", help="download one model", epilog="example:\n  retold models get opus-mt-nl-en",
                             formatter_class=raw)  # fmt: skip
    get.add_argument("name", metavar="NAME")
    actions.add_parser("list", help="every model retold knows")
    actions.add_parser("verify", help="check what lies in the cache")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = parser().parse_args(argv)
    try:
        args.does(args)
    except RetoldError as error:
        print(f"retold: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("retold: interrupted; what was computed is kept in the store", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"retold: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
