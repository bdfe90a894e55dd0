"""Every package, model and file in the installation has a licence that stands in the list of allowed ones."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution

import pytest

from benchmarks import licences
from benchmarks.data import ROOT
from retold import encode
from retold.translate.models import engines, list_models


def test_everything_is_licensed_and_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert licences.main() == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    for name in ("numpy ", "tld ", "facebook/nllb-200-distilled-600M ", "retold/languages/glossary.nl.tsv "):
        assert name in said  # a pin, what a pin brings, a model, a file
    assert said.count("\npackage") > 100


def test_what_is_not_in_the_list_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lists = tomllib.loads(licences.LISTS.read_text(encoding="utf-8"))
    del lists["allowed"]["PSF-2.0"], lists["models"]["MIT"], lists["data"]["data/gold/*"]
    monkeypatch.setattr(tomllib, "loads", lambda _: lists)
    assert licences.main() == 1
    said = capsys.readouterr().err
    assert all(name in said for name in ("defusedxml (PSF-2.0)", "BAAI/bge-m3 (MIT)", "data/gold/h200-findings.tsv"))
    assert "numpy" not in said


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True), ("GPL-3.0-only", False), ("", False), ("MIT AND BSD-3-Clause", True),
        ("MIT OR GPL-2.0-only", True),        ("MIT AND GPL-2.0-only", False), ("GPL-2.0-only OR AGPL-3.0-only", False),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True), ("Apache-2.0 WITH LLVM-exception", True),
    ],
)  # fmt: skip
def test_expressions(expression: str, fine: bool) -> None:
    lists = tomllib.loads(licences.LISTS.read_text(encoding="utf-8"))
    assert bool(licences.allowed(expression, lists["allowed"])) == fine


def test_metadata_are_read_from_where_they_stand() -> None:
    lists = tomllib.loads(licences.LISTS.read_text(encoding="utf-8"))
    for name, licence in (
        ("attrs", "MIT"),
        ("transformers", "Apache-2.0"),
        ("matplotlib", "PSF-2.0"),
        ("jinja2", "BSD"),
    ):
        assert licences.stated(distribution(name), lists) == licence
    assert {p.metadata["Name"].lower() for p in licences.packages(ROOT / "requirements.txt")} >= {"urllib3", "torch"}


def test_every_engine_and_model_says_its_licence() -> None:
    assert [e.name for e in (*engines(), *encode.engines()) if not e.licence] == []
    assert [m.name for m in list_models() if not m.licence] == []
