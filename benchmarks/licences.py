"""The licence of every package, model and file in the installation: `python -m benchmarks.licences`.

Packages are those that requirements.txt brings, and what they bring. Each licence has to stand in
`benchmarks/licences.toml`, with the reason why it is allowed; what does not is named, and the command fails.
"""

from __future__ import annotations

import fnmatch
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.data import ROOT
from retold.encode import ENGINES
from retold.translate.models import list_models

LISTS = Path(__file__).with_suffix(".toml")
CODE = (".py", ".pyc")


@dataclass(frozen=True, slots=True)
class Licensed:
    """One thing and its licence. reason: why it is allowed, "" if it is not."""

    kind: str  # package, model or file
    name: str
    licence: str
    reason: str


def packages(requirements: Path) -> list[Distribution]:
    """The installed packages of a requirements file and all that they need here, by name."""
    found: dict[str, Distribution] = {}
    asked: set[tuple[str, str]] = set()
    todo = [(line.split("#")[0].strip(), "") for line in requirements.read_text(encoding="utf-8").splitlines()]
    while todo:
        line, extra = todo.pop()
        if not line:
            continue
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        for part in ("", *wanted.extras):
            if (name, part) not in asked:
                asked.add((name, part))
                try:
                    found[name] = distribution(wanted.name)
                except PackageNotFoundError:
                    raise SystemExit(f"{wanted.name} is needed and not installed: run `make test` first") from None
                todo += [(need, part) for need in found[name].requires or ()]
    return [found[name] for name in sorted(found)]


def stated(package: Distribution, lists: dict[str, dict[str, str]]) -> str:
    """The licence as the package's metadata state it, spelt as SPDX does where that is known; "" if they do not."""
    meta = package.metadata
    said = [c.split(" :: ")[-1] for c in meta.get_all("Classifier") or () if c.startswith("License :: OSI Approved ::")]
    text = (meta["License"] or "").strip().split("\n")[0] if "License" in meta else ""
    if "License-Expression" in meta:
        return str(meta["License-Expression"])
    named = [text] if text in lists["allowed"] or text in lists["spellings"] else said or [text]
    return " AND ".join(lists["spellings"].get(n, n) for n in named)


def allowed(licence: str, known: dict[str, str]) -> str:
    """Why a licence expression is allowed, "" if it is not: every part of an AND, some part of an OR."""
    if " OR " in licence:
        return next(filter(None, (allowed(part, known) for part in licence.strip("()").split(" OR "))), "")
    reasons = [known.get(part.strip(" ()"), "") for part in licence.split(" AND ")]
    return "; ".join(dict.fromkeys(reasons)) if all(reasons) else ""


def of_packages(lists: dict[str, dict[str, str]]) -> Iterator[Licensed]:
    for package in packages(ROOT / "requirements.txt"):
        name = canonicalize_name(package.metadata["Name"])
        vendor = next((v for v in lists["vendors"] if name.startswith(v)), None)
        known = lists["packages"].get(name) or (lists["vendors"][vendor] if vendor else None)
        if known:
            yield Licensed("package", name, *known.split(": ", 1))
        else:
            licence = stated(package, lists)
            yield Licensed("package", name, re.sub(r"\s+", " ", licence), allowed(licence, lists["allowed"]))


def of_models(lists: dict[str, dict[str, str]]) -> Iterator[Licensed]:
    models = list_models()
    for m in models:
        yield Licensed("model", m.repository, m.licence, lists["models"].get(m.licence, ""))
    if unknown := set(ENGINES) - {"bundled"} - {m.name for m in models}:  # the bundled one is a package
        yield from (Licensed("model", name, "", "") for name in sorted(unknown))


def of_files(lists: dict[str, dict[str, str]]) -> Iterator[Licensed]:
    for folder in ("data", "retold"):
        for path in sorted(p for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix not in CODE):
            name = path.relative_to(ROOT).as_posix()
            if name.rsplit("/", 1)[-1].startswith(".") or name.endswith("/review.toml"):
                continue  # locks, and what a user decides
            known = next((said for pattern, said in lists["data"].items() if fnmatch.fnmatch(name, pattern)), "")
            yield Licensed("file", name, known.split(", ")[0].split(": ")[0], known)


def everything() -> list[Licensed]:
    """Every package, model and file with its licence."""
    lists = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    return [*of_packages(lists), *of_models(lists), *of_files(lists)]


def main() -> int:
    rows = everything()
    for row in rows:
        print(f"{row.kind:8} {row.name:50} {row.licence or 'unknown':45} {row.reason or 'NOT ALLOWED'}")
    bad = [row for row in rows if not row.reason]
    if bad:
        names = ", ".join(f"{row.name} ({row.licence or 'unknown'})" for row in bad)
        print(
            f"not in {LISTS.name}: {names}; add each with the reason why it is allowed, or do without", file=sys.stderr
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
