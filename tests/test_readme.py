"""The README's file map is true: what it names is there, and every module is in it."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_link_leads_somewhere() -> None:
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in t]
    assert len(targets) > 5
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_every_module_is_in_the_file_map() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `retold/")]
    named = {Path(word).stem for row in rows for word in re.findall(r"`([\w./]+)`", row)}
    modules = {p.stem for p in (ROOT / "retold").rglob("*.py") if not p.stem.startswith("__")}
    assert modules - named == set()
    folders = {p.name for p in (ROOT / "retold").iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert folders - named == set()


def test_every_command_in_the_readme_exists() -> None:
    from retold.cli import parser

    said = re.findall(r"^    retold (\w+)", README, flags=re.M)
    known = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert said and set(said) <= set(known or ())
