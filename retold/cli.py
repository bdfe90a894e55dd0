"""The command line: `retold new`, `run`, `batch`, `corpus`, `text`, `translate`, `engines`, `models`.

Exit code 0: done; 1: the job failed; 2: a bad call. Errors go to stderr in one sentence.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from retold import __version__, progress
from retold.hidden import shown
from retold.languages import LANGUAGES
from retold.records import RetoldError

Command = Callable[[argparse.Namespace], None]


def _run(args: argparse.Namespace) -> None:
    from retold.compare import load
    from retold.report import pdf

    out = Path(args.out)
    if out.exists() and not out.is_dir():
        raise RetoldError(f"--out {out}: this is a file; a folder is needed")
    if args.pdf:
        pdf.browser()
    story = load(args.story, translator=args.translator, encoder=args.encoder, store=args.store)
    for line in story.story.warnings:
        print(f"retold: {shown(line)}", file=sys.stderr)
    with progress.lines():
        written = [*story.write(out), *([story.to_pdf(out / "report.pdf")] if args.pdf else [])]
    for path in written:
        print(path)
    if story.review.summary:
        print(f"retold: review: {story.review.summary}", file=sys.stderr)
    for outcome in story.review.stale:
        d = outcome.decision
        print(f"retold: review, line {d.line}: stale: {d.document}, {d.on}, {d.words}: {outcome.why}", file=sys.stderr)


def _new(args: argparse.Namespace) -> None:
    from retold.newstory import Source, make

    made = make(args.folder, [Source(**given) for given in args.sources], title=args.title)
    print(made)
    print(f"next: retold run {shlex.quote(args.folder)} --out {shlex.quote(f'reports/{made.folder.name}')}")


def _text(args: argparse.Namespace) -> None:
    from retold.story import filled

    path = Path(args.file)
    sys.stdout.write(filled(path.read_bytes(), path))


class _Given(argparse.Action):
    """`--version FILE`: one more document, which the options behind it are about."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        namespace.sources = [*namespace.sources, {"file": values, "role": self.dest}]


class _About(argparse.Action):
    """`--language nl`: about the document named last."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        if not namespace.sources:
            parser.error(f"{option} {values}: put it behind the --original, --version or --related that it is about")
        last = namespace.sources[-1]
        if self.dest in last:
            parser.error(f"{option} {values}: {last['file']} has {self.dest} {last[self.dest]} already")
        last[self.dest] = values


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _batch(args: argparse.Namespace) -> None:
    from retold import batch
    from retold.encode import encoder
    from retold.store import CachedEncoder, Store

    # Versions of one story share the original's vectors.
    engine = CachedEncoder(encoder(args.encoder), Store(args.store))
    number = batch.run(Path(args.source), Path(args.target), engine, facts=not args.no_facts)
    print(f"{number} lines written to {args.target}", file=sys.stderr)


def _corpus(args: argparse.Namespace) -> None:
    from retold import corpus

    def tell(line: str) -> None:
        print(f"retold: {line}", file=sys.stderr)

    try:
        made = corpus.run(
            args.source, args.target, workers=args.workers, scheduler=args.scheduler, encoder=args.encoder,
            translator=args.translator, store=args.store, part=args.part, tell=tell,
        )  # fmt: skip
    except KeyboardInterrupt:
        raise RetoldError(f"interrupted; the same command goes on with what is in {args.target}") from None
    bad = f", {made['failed']} of them failed: the table failed says why" if made["failed"] else ""
    print(f"{made['stories']} stories{bad}; written to {args.target}", file=sys.stderr)


def _translate(args: argparse.Namespace) -> None:
    from retold.store import Store
    from retold.translate import translator

    try:
        lines = _lines(sys.stdin.buffer.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RetoldError(f"standard input is not UTF-8 (byte {error.start})") from None
    engine = translator(args.engine, store=Store(args.store))
    for n, made in enumerate(engine.translate(lines, args.source)):
        print(" ".join(made.text.split()))
        for warning in made.warnings:
            print(f"retold: line {n + 1}: {warning}", file=sys.stderr)


def _lines(text: str) -> list[str]:
    """The lines as `wc -l` counts them: other marks that Python takes for line ends stay inside theirs."""
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]


def _engines(args: argparse.Namespace) -> None:
    from retold.encode import engines as encoders
    from retold.translate.models import engines as translators
    from retold.translate.models import summarisers

    for kind, some in (("translators", translators()), ("encoders", encoders()), ("summarisers", summarisers())):
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
        made.add_argument("--store", metavar="FILE", help="the file of cached work (default: your own)")

    new = add("new", _new, "Make a story folder of your own files (.txt, .md, .html, .docx). The options behind a\n"
              "document are about it; what you leave out is read from the file or guessed, and said.",
              "retold new my-story --original a.txt --date 2025-12-10 --outlet Reuters \\\n"
              "      --version b.html --language nl --version c.docx --language id")  # fmt: skip
    new.set_defaults(sources=[])
    new.add_argument("folder", metavar="FOLDER", help="the folder to make; one that exists is left as it is")
    new.add_argument("--title", default="", help="the story's name (default: the original's title)")
    documents = new.add_argument_group("documents")
    for role, help in (
        ("original", "the English original, once"),
        ("version", "a document that retells it; may be repeated"),
        ("related", "a document on the same affair; may be repeated"),
    ):
        documents.add_argument(f"--{role}", action=_Given, metavar="FILE", help=help, required=role == "original")
    about = new.add_argument_group("about the document before them")
    about.add_argument("--language", action=_About, choices=LANGUAGES, help="its language (default: guessed)")
    about.add_argument("--date", action=_About, type=_day, metavar="YYYY-MM-DD", help="when it appeared")
    about.add_argument("--outlet", action=_About, metavar="NAME", help="who published it")
    about.add_argument("--url", action=_About, help="where it stands")
    about.add_argument("--id", action=_About, help="what you call it (default: the file's name)")
    about.add_argument("--note", action=_About, metavar="TEXT", help="anything a reader should know")

    run = add("run", _run, "Compare a story's documents with its original and write the report and the exports.",
              "retold run data/stories/h200 --out reports/h200")  # fmt: skip
    run.add_argument("story", metavar="STORY", help="a story folder (holds story.toml)")
    run.add_argument("--out", required=True, metavar="FOLDER", help="where the results go; made if missing")
    run.add_argument("--pdf", action="store_true", help="write report.pdf too; needs Chromium, Chrome or Edge")
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

    corpus = add("corpus", _corpus, "Compare many stories on a Dask cluster and write Parquet tables.",
                 "retold corpus stories.parquet out --workers 4")  # fmt: skip
    corpus.add_argument("source", metavar="IN", help="a folder of story folders, a Parquet table, or a .jsonl of pairs")
    corpus.add_argument("target", metavar="OUT", help="a folder for the tables; made if missing")
    where = corpus.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, metavar="N", help="processes on this machine (default: its cores)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask scheduler to use instead, as tcp://host:8786")
    corpus.add_argument("--part", type=int, metavar="N", help="stories a part (default: 32, fewer in a small corpus)")
    corpus.add_argument("--translator", default="none", help="an engine's name (default: none, as findings need none)")
    engines(corpus)
    store(corpus)

    text = add(
        "text", _text, "Print the text that is read from a file, which offsets count in.", "retold text page.html"
    )
    text.add_argument("file", metavar="FILE")

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
        print(f"retold: {shown(str(error))}", file=sys.stderr)
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
