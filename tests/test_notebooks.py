"""The notebooks: stored outputs that GitHub shows, and a fresh run from top to bottom without a network."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from make_documents import files

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]_*.ipynb"))


def test_all_seven_are_there() -> None:
    names = ["0_tour", "1_translate", "2_align", "3_diff", "4_summarise", "5_your_story", "6_many_stories"]
    assert [p.stem for p in NOTEBOOKS] == names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_stored_outputs_are_whole_small_and_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    book = nbformat.reads(text, as_version=4)
    cells = [c for c in book.cells if c.cell_type == "code"]
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    outputs = [o for c in cells for o in c.outputs]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    assert "widgets" not in book.metadata and "widget-view" not in text
    assert not re.search(r" at 0x[0-9a-f]{6,}|/home/|/root/|/tmp/", text)
    assert len(text) < 1_500_000
    shown = [o.data for o in outputs if o.output_type in ("display_data", "execute_result")]
    assert shown and all("image/png" in d or "text/plain" in d for d in shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_cells_are_short(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    code = [c.source.splitlines() for c in book.cells if c.cell_type == "code"]
    assert max(len(lines) for lines in code) <= 12
    assert sum(c.cell_type == "markdown" for c in book.cells) >= len(code) / 3


@pytest.mark.long
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_runs_from_top_to_bottom_as_stored(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.setenv("RETOLD_STATIC", "1")
    monkeypatch.chdir(tmp_path)
    # The report is written beside the notebooks' folder: run in a copy of the project's layout.
    for name in ("data", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "run").mkdir()
    stored = nbformat.read(path, as_version=4)
    made = nbformat.read(path, as_version=4)
    NotebookClient(
        made, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path / "run")}}
    ).execute()
    for old, new in zip(stored.cells, made.cells, strict=True):
        if old.cell_type == "code":
            assert [_kinds(o) for o in old.outputs] == [_kinds(o) for o in new.outputs], old.source
    assert _figures(stored) == _figures(made)


@pytest.mark.long
def test_your_story_takes_two_files_through_papermill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import papermill

    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "run").mkdir()
    for name, data in files().items():
        (tmp_path / name).write_bytes(data)
    given = {"original": "../a.html", "version": "../a.docx", "folder": "../my-story"}
    made = papermill.execute_notebook(
        ROOT / "notebooks/5_your_story.ipynb", tmp_path / "mine.ipynb", parameters=given, kernel_name="python3",
        cwd=str(tmp_path / "run"), progress_bar=False,
    )  # fmt: skip
    assert (tmp_path / "my-story" / "story.toml").exists() and (
        tmp_path / "reports" / "my-story" / "report.html"
    ).exists()
    assert "my-story" in json.dumps(made.cells[-2].outputs)


def _kinds(output: nbformat.NotebookNode) -> object:
    return sorted(output.data) if "data" in output else output.output_type


def _figures(book: nbformat.NotebookNode) -> list[str]:
    """What the prose and the reader count on: the words that stand for each picture, with their numbers of links."""
    texts = [str(o.data.get("text/plain")) for c in book.cells for o in c.get("outputs", []) if "data" in o]
    found = [text for text in texts if text.startswith("<Picture")]
    return [json.dumps(text) for text in found]
