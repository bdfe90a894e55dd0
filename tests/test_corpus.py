"""`retold corpus`: the same rows whatever happens on the way, and what bad stories get."""

import datetime
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import dask
import fsspec
import pandas as pd
import psutil
import pytest
from distributed import Client, LocalCluster

from benchmarks.corpus import as_batch
from retold import batch, corpus
from retold import story as story_
from retold.cli import main
from retold.compare import OpenStory
from retold.corpus import drive, work
from retold.corpus.rows import TABLES
from retold.corpus.sources import Pairs, source
from retold.corpus.stories import of_rows
from retold.encode import encoder
from retold.records import RetoldError

ROOT = Path(__file__).parent.parent
ORIGINAL = ["The minister resigned on Monday.", "Three people were hurt in the fire.", "It rained in Paris."]
VERSION = ["Drie mensen raakten gewond bij de brand.", "De minister trad maandag af.", "De beurs sloot hoger."]


def pair(id: str, *, original: object = ORIGINAL, version: object = VERSION, language: str = "nl") -> dict[str, Any]:
    return {"id": id, "language": language, "original": original, "version": version}


PAIRS = [
    pair("a"),
    pair("b", version=VERSION[:1]),
    pair("empty", original=[], version=[]),
    pair("c", version=["Menteri itu mundur pada Senin.", "", "Empat orang terluka dalam kebakaran."], language="id"),
    pair("d", version=ORIGINAL[1:], language="en"),
    pair("e", version=["Vier mensen raakten gewond bij de brand."]),
    pair("f", original=ORIGINAL * 2),
]


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), encoding="utf-8")
    return path


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def failed(out: Path | str) -> dict[str, str]:
    table = corpus.table(str(out), "failed")
    return dict(zip(table.story, table.reason, strict=True))


@pytest.fixture(scope="module")
def here() -> Iterator[str]:
    """The address of a scheduler whose only worker is a thread of this process."""
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, silence_logs="ERROR"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, here: str) -> tuple[Path, Path]:
    """The pairs, and the folder that one worker makes of them in one go."""
    folder = tmp_path_factory.mktemp("whole")
    given = lines(folder / "pairs.jsonl", PAIRS)
    corpus.run(str(given), str(folder / "out"), scheduler=here, part=2)
    return given, folder / "out"


def test_two_processes_write_the_very_files_of_one_thread(whole: tuple[Path, Path], tmp_path: Path) -> None:
    said: list[str] = []
    made = corpus.run(str(whole[0]), str(tmp_path / "out"), workers=2, part=2, tell=said.append)
    assert files(tmp_path / "out") == files(whole[1])
    assert made == corpus.manifest(str(whole[1]))
    assert said and said[0].startswith("dashboard: http://127.0.0.1:")


def test_rows_say_what_batch_says(whole: tuple[Path, Path], tmp_path: Path) -> None:
    batch.run(whole[0], tmp_path / "batch.jsonl", encoder("bundled"))
    rows = [json.loads(line) for line in (tmp_path / "batch.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [p["id"] for p in PAIRS]
    assert sum(map(bool, (row["changes"] for row in rows))) >= 4
    assert as_batch(str(whole[1])) == rows


def test_the_manifest_counts_what_is_there(whole: tuple[Path, Path]) -> None:
    made = corpus.manifest(str(whole[1]))
    assert made["complete"] and (made["stories"], made["failed"], made["parts"]) == (7, 0, 4)
    assert made["rows"] == {name: len(corpus.table(str(whole[1]), name)) for name in TABLES}
    assert made["rows"]["briefs"] == 7 and made["rows"]["segments"] == sum(
        len(p["original"]) + len(p["version"]) for p in PAIRS
    )
    assert {"encoder", "align", "findings", "segment", "translator"} < set(made["signatures"])


@pytest.mark.long
def test_killed_at_any_moment_it_goes_on(whole: tuple[Path, Path], tmp_path: Path) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    call = [sys.executable, "-m", "retold.cli", "corpus", str(whole[0]), str(out), "--part", "2", "--workers", "2"]
    rng = random.Random(5)
    kept: dict[str, int] = {}
    for parts in (0, 1, 2):  # killed in the first part, and after the first and the second
        with log.open("w") as said:
            running = subprocess.Popen(call, cwd=ROOT, stderr=said)
        while running.poll() is None and len(list((out / "_done").glob("*.json"))) < parts:
            time.sleep(0.05)
        time.sleep(rng.random() * 2)
        workers = psutil.Process(running.pid).children(recursive=True) if running.poll() is None else []
        running.send_signal(signal.SIGKILL)
        running.wait()
        _, alive = psutil.wait_procs(workers, timeout=20)
        assert not alive
        for name, at in kept.items():
            assert (out / name).stat().st_mtime_ns == at, f"{name} was made twice"
        marks = [p.stem for p in (out / "_done").glob("*.json")]
        kept = {
            f"{table}/{n}.parquet": (out / table / f"{n}.parquet").stat().st_mtime_ns for table in TABLES for n in marks
        }
    subprocess.run(call, cwd=ROOT, check=True, capture_output=True)
    for name, at in kept.items():
        assert (out / name).stat().st_mtime_ns == at, f"{name} was made twice"
    assert files(out) == files(whole[1])


def test_half_a_part_does_not_count(whole: tuple[Path, Path], tmp_path: Path, here: str) -> None:
    out = tmp_path / "out"
    for name, content in files(whole[1]).items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    # What a kill can leave: no mark, a table missing, half a file beside its place.
    (out / "_done" / "000001.json").unlink()
    (out / "findings" / "000001.parquet").unlink()
    (out / "links" / "000001.parquet").write_bytes(b"PAR1")
    (out / "links" / ".making-1-x").mkdir()
    (out / "links" / ".making-1-x" / "000000.parquet").write_bytes(b"PAR1")
    assert "e" in set(corpus.table(str(out), "briefs").story) and "c" not in set(corpus.table(str(out), "briefs").story)
    corpus.run(str(whole[0]), str(out), scheduler=here, part=2)
    assert files(out) == files(whole[1])


def test_only_what_changed_is_made_again(whole: tuple[Path, Path], tmp_path: Path, here: str) -> None:
    out, given = tmp_path / "out", lines(tmp_path / "pairs.jsonl", PAIRS)
    corpus.run(str(given), str(out), scheduler=here, part=2)
    before = {p: p.stat().st_mtime_ns for p in (out / "_done").iterdir()}
    lines(given, [*PAIRS[:2], PAIRS[2], pair("c", version=VERSION), *PAIRS[4:6]])  # one changed, the last taken away
    made = corpus.run(str(given), str(out), scheduler=here, part=2)
    assert made["stories"] == 6 and made["parts"] == 3
    assert [p.name for p in sorted(before) if not p.exists() or p.stat().st_mtime_ns != before[p]] == [
        "000001.json", "000003.json",
    ]  # fmt: skip
    assert not list(out.glob("*/000003.*"))
    briefs = corpus.table(str(out), "briefs")
    assert list(briefs.story) == ["a", "b", "empty", "c", "d", "e"] and briefs.language[3] == "nl"


def test_bad_lines_are_told_and_stop_nothing(tmp_path: Path, here: str) -> None:
    rows = ["{", pair("x", language="xx"), PAIRS[0], pair("y", version=["\ud800"]), PAIRS[0], "", PAIRS[1]]
    made = corpus.run(str(lines(tmp_path / "p.jsonl", rows)), str(tmp_path / "out"), scheduler=here)
    assert (made["stories"], made["failed"], made["parts"]) == (6, 4, 6)
    found = failed(tmp_path / "out")
    assert "line 1: not JSON" in found["(line 1)"]
    assert "language 'xx'" in found["(line 2)"]
    assert "half of a character" in found["(line 4)"]
    assert "stands in line 3 already" in found["a (line 5)"]
    assert list(corpus.table(str(tmp_path / "out"), "briefs").story) == ["a", "b"]


TEXT = "The minister resigned on Monday, two officials said. Three people were hurt in the fire at the port."
DUTCH = "De minister trad maandag af. Bij de brand in de haven raakten vier mensen gewond."


def rows_of(story: object, *, text: object = TEXT, **more: object) -> list[dict[str, object]]:
    original = {"story": story, "role": "original", "language": "en", "text": text, "publisher": "Wire"}
    version = {"story": story, "role": "version", "language": "nl", "text": DUTCH, "publisher": "Krant"}
    return [original, version | more]


def test_a_table_in_memory_to_tables_in_memory(here: str) -> None:
    """Anything fsspec opens will do; rows of a story need not stand together."""
    good = rows_of("good", date="2025-12-11")
    bad = [*rows_of("no role", role="translation"), *rows_of("no text", text=" "), *rows_of("no date", date="today")]
    bad += [*rows_of("two originals", role="original", language="en"), *rows_of(None)[1:], *rows_of("alone")[1:]]
    root = f"memory://{uuid.uuid4()}"
    pd.DataFrame([good[0], *bad, good[1], good[1] | {"role": "related"}]).to_parquet(f"{root}/in/part.parquet")
    made = corpus.run(f"{root}/in", f"{root}/out", scheduler=here, part=3)
    assert (made["stories"], made["failed"], made["input"]["kind"]) == (7, 6, "table")
    reasons = failed(f"{root}/out")
    for story, says in {
        "no role": "unknown role 'translation'; allowed are original, version, related",
        "no text": "the text of 'original' is empty",
        "no date": "date is 'today'",
        "two originals": "2 documents have the role 'original'",
        "alone": "0 documents have the role 'original'",
        "(row 9 of part.parquet)": "story is empty",
    }.items():
        assert says in reasons[story], reasons
    briefs = corpus.table(f"{root}/out", "briefs")
    assert list(briefs.document) == ["nl", "nl-2"] and list(briefs.role) == ["version", "related"]
    assert briefs.date[0] == datetime.date(2025, 12, 11) and briefs.publisher[0] == "Krant"
    found = corpus.table(f"{root}/out", "findings")
    assert ("nl", "dropped", "source", "two officials said") in set(
        zip(found.document, found.type, found.facet, found.before, strict=True)
    )
    # One side's date is unknown: a weekday is no day on the other side either.
    assert not found.before.str.contains("Monday").any()
    again = corpus.run(f"{root}/in", f"{root}/out", scheduler="tcp://127.0.0.1:9", part=3)  # nothing is left to do
    assert again == made and made["part"] == 3


def test_what_a_text_hides_is_told_of_a_row_too() -> None:
    rows = rows_of("odd", text=["De prijs is\u202e 5 euro."])
    [warning] = of_rows("odd", rows, "line 1")[0].warnings
    assert warning.startswith("document 'original' holds 1 direction mark (first U+202E at 11)")


def test_a_folder_of_stories(tmp_path: Path, here: str) -> None:
    h200 = ROOT / "data" / "stories" / "h200"
    for name in ("one", "deep/two", "broken"):
        (tmp_path / "in" / name).mkdir(parents=True)
        for file in h200.iterdir():
            if file.suffix == ".toml" or file.name.startswith("002"):
                text = file.read_bytes()
                if file.suffix == ".toml":  # the original and a version that is its copy
                    head, first, *_ = text.decode().split("[[documents]]\n")
                    copy = first.replace('"reuters-en"', '"copy"').replace('"original"', '"version"')
                    copy = copy.replace("002_2341f36c7cc70365.txt", "copy.txt")
                    text = "[[documents]]\n".join([head, first, copy]).encode()
                (tmp_path / "in" / name / file.name).write_bytes(text)
        (tmp_path / "in" / name / "copy.txt").write_bytes((h200 / "002_2341f36c7cc70365.txt").read_bytes())
    (tmp_path / "in" / "broken" / "copy.txt").write_text("altered", encoding="utf-8")
    (tmp_path / "in" / "bare").mkdir()
    (tmp_path / "in" / "bare" / "note.txt").write_text("no manifest", encoding="utf-8")
    (tmp_path / "in" / "README.md").write_text("none of ours", encoding="utf-8")
    out = tmp_path / "out"
    made = corpus.run(str(tmp_path / "in"), str(out), scheduler=here)
    assert (made["stories"], made["failed"]) == (4, 2)
    assert "has no story.toml" in failed(out)["bare"] and "sha256" in failed(out)["broken"]
    statuses = corpus.table(str(out), "statuses")
    assert set(statuses.story) == {"deep/two", "one"}
    assert set(statuses.query("kind == 'sentence'").status) == {"kept", "carried"}  # a copy has no finding
    assert corpus.table(str(out), "findings").empty


def test_what_was_decided_about_a_story_holds(tmp_path: Path, here: str) -> None:
    """On this machine, and where the folder has to be fetched first."""
    folder = tmp_path / "in" / "s"
    folder.mkdir(parents=True)
    manifest = ['id = "s"', 'title = "A minister resigns"']
    for id, language, role, text in (("en", "en", "original", TEXT), ("nl", "nl", "version", DUTCH)):
        (folder / f"{id}.txt").write_text(text, encoding="utf-8")
        keys = {"id": id, "file": f"{id}.txt", "language": language, "role": role, "publisher": "x", "note": ""}
        keys["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        manifest += ["[[documents]]", "date = 2025-12-10", *(f'{key} = "{value}"' for key, value in keys.items())]
    (folder / "story.toml").write_text("\n".join(manifest), encoding="utf-8")
    corpus.run(str(tmp_path / "in"), str(tmp_path / "out"), scheduler=here)
    before = list(corpus.table(str(tmp_path / "out"), "findings").before)
    assert "two officials said" in before
    opened = OpenStory(story_.read(folder), None, encoder("bundled"), review=folder / "review.toml")
    compared = opened.compare("nl")
    compared.review.reject(next(f for f in compared.found if f.before == "two officials said"))
    corpus.run(str(tmp_path / "in"), str(tmp_path / "out"), scheduler=here)
    before.remove("two officials said")
    assert list(corpus.table(str(tmp_path / "out"), "findings").before) == before
    away = f"memory://{uuid.uuid4()}"
    for file in folder.iterdir():
        if not file.name.startswith("."):
            fsspec.filesystem("memory").pipe_file(f"{away}/in/s/{file.name}", file.read_bytes())
    corpus.run(f"{away}/in", f"{away}/out", scheduler=here)
    assert list(corpus.table(f"{away}/out", "findings").before) == before
    (folder / "review.toml").write_text("[[decisions]]\nmood = 1\n", encoding="utf-8")
    corpus.run(str(tmp_path / "in"), str(tmp_path / "out"), scheduler=here)
    assert "review.toml" in failed(tmp_path / "out")["s"]


def test_a_story_that_kills_its_workers_stops_nothing(tmp_path: Path) -> None:
    class Killing(Pairs):
        def _open(self, line: bytes, where: str) -> Any:
            if b"killer" in line:
                os._exit(1)
            return super()._open(line, where)

    given = source(str(lines(tmp_path / "p.jsonl", [PAIRS[0], pair("killer"), PAIRS[1]])))
    assert isinstance(given, Pairs)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    names = work.signatures("bundled", work.NONE, None)
    job = work.Job(
        Killing(given.url, given.file), str(tmp_path / "out"), "bundled", work.NONE, None, work.digest(names)
    )
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs="CRITICAL") as cluster,
        Client(cluster) as client,
    ):
        entries = list(job.source.entries())
        marks = dict(drive._drive(client, job, {0: entries[:2], 1: entries[2:]}))
    assert [(marks[n]["stories"], marks[n]["failed"]) for n in (0, 1)] == [(2, 1), (1, 0)]
    (tmp_path / "out" / "manifest.json").write_text("{}")
    assert "the workers that compared it died" in failed(tmp_path / "out")["killer"]
    assert list(corpus.table(str(tmp_path / "out"), "briefs").story) == ["a", "b"]


def test_rows_of_other_rules_are_not_mixed(whole: tuple[Path, Path], tmp_path: Path, here: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    made = corpus.manifest(str(whole[1])) | {"signature": "0", "signatures": {"align": "align 0"}}
    (out / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    with pytest.raises(RetoldError, match=r"was made with other rules \(.*align"):
        corpus.run(str(whole[0]), str(out), scheduler=here, part=2)
    with pytest.raises(RetoldError, match="was made in parts of 2 stories"):
        corpus.run(str(whole[0]), str(whole[1]), scheduler=here, part=3)
    job = work.Job(source(str(whole[0])), str(out), "bundled", work.NONE, None, "0")
    with pytest.raises(RetoldError, match="a worker has other engines"):
        work.work(job, 0, [])
    assert list(files(out)) == ["manifest.json"]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["no", "{tmp}/out"], "no: there is no such file or folder"),
        (["{tmp}/in.txt", "{tmp}/out"], "allowed are a folder, a .parquet table and a .jsonl"),
        (["{tmp}/none", "{tmp}/out"], "holds neither a folder with a story.toml nor a .parquet"),
        (["{tmp}/bad.parquet", "{tmp}/out"], "is not a Parquet table"),
        (["{tmp}/short.parquet", "{tmp}/out"], "lacks the column 'language'; needed are story, role, language, text"),
        (["{tmp}/p.jsonl", "{tmp}/in.txt"], "this is a file; a folder is needed"),
        (["{tmp}/p.jsonl", "{tmp}"], "is not empty and holds no manifest.json"),
        (["{tmp}/tables", "{tmp}/tables/out"], "lies in the input"),
        (["{tmp}/p.jsonl", "{tmp}/out", "--workers", "0"], "workers is 0; it has to be 1 or more"),
        (["{tmp}/p.jsonl", "{tmp}/out", "--encoder", "babelfish"], "babelfish"),
        (["nowhere://x", "{tmp}/out"], "nowhere"),
    ],
)
def test_a_bad_call_leaves_everything(
    call: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines(tmp_path / "p.jsonl", PAIRS[:1])
    (tmp_path / "none").mkdir()
    (tmp_path / "tables").mkdir()
    (tmp_path / "in.txt").write_text("text", encoding="utf-8")
    (tmp_path / "bad.parquet").write_text("text", encoding="utf-8")
    for name in ("short.parquet", "tables/t.parquet"):
        pd.DataFrame({"story": ["a"], "role": ["original"]}).to_parquet(tmp_path / name)
    before = files(tmp_path)
    assert main(["corpus", *(part.replace("{tmp}", str(tmp_path)) for part in call)]) == 1
    said = capsys.readouterr().err
    assert says in said and said.startswith("retold: ") and said.count("\n") == 1
    assert {name: files(tmp_path).get(name) for name in before} == before


def test_an_unknown_table_is_refused(whole: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(RetoldError, match="known are segments, links, statuses, findings, briefs, failed"):
        corpus.table(str(whole[1]), "claims")
    with pytest.raises(RetoldError, match="holds no corpus"):
        corpus.table(str(tmp_path), "briefs")


def test_undated_untranslated_documents_can_be_reported(tmp_path: Path) -> None:
    story, cut = of_rows("s", rows_of("s"), "story 's'")
    opened = OpenStory(story, None, encoder("bundled"), segments=cut)
    assert "dated" not in str(opened.compare("nl").brief) and opened.compare("nl").translations == ()
    assert opened.kinship().days.isna().all()
    written = opened.write(tmp_path)
    assert len(written) == 6 and "None" not in (tmp_path / "brief.md").read_text(encoding="utf-8")
    assert "undated" in repr(opened.timeline())
