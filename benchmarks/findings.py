"""Findings against known differences: `python -m benchmarks.findings [--aligned] [--misses FACET]`.

DEMETR: a reference is compared with another rendering, unaltered (`clean`) and with one change (`changed`). A change is
found where a finding of a facet that answers the change's kind stands between reference and `changed`; a false alarm
is any such finding between reference and `clean`. F1 counts found as hits, not found as misses, alarms as wrong. First
the asserted findings count, then all.
NTREX story versions: `changes` against the gold's by (original, version) and facet, as in its scorer; beads are the
gold's unless --aligned, which aligns with the bundled encoder first. The Dutch gold: `changes` found with the facet.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import data
from retold import findings
from retold.align import align
from retold.encode import encoder
from retold.findings.rank import BAR
from retold.records import Alignment, Bead, Finding, Link, Side

# Which facets answer a kind of change: a kind of wording may be any facet's.
FACETS: dict[str, tuple[str, ...]] = {
    "number": ("number", "money"),
    "name": ("name", "place"),
    "name removed": ("name", "place"),
    "negation": ("negation",),
}
# What else answers a change that a retelling made: a sum is a number, a person's office a name.
ALSO = {"number": ("money",), "name": ("place",), "place": ("name",), "quote": ("source",), "source": ("quote",)}
ONE = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
WIRE_DATE = datetime.date(2025, 12, 10)


def f1(hits: float, wrong: float, missed: float) -> str:
    precision = hits / (hits + wrong) if hits + wrong else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    mean = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"precision {precision:.4f}  recall {recall:.4f}  F1 {mean:.4f}"


@dataclass(frozen=True, slots=True)
class Demetr:
    """kinds: hits, alarms and rows by kind of change. alarms, figures, names: unaltered sentences with any finding, one
    of a figure, one of a name, of so many."""

    kinds: dict[str, list[int]]
    alarms: int
    unaltered: int
    figures: int
    names: int


def demetr_counts(show: str | None = None) -> dict[float, Demetr]:
    """Every row compared, with the findings that are told (from BAR up) and with all (from 0 up).

    show: the kind of change whose misses and alarms are printed.
    """
    rows = data.demetr()
    seen: dict[tuple[str, str], tuple[Finding, ...]] = {}
    engine = data.Remembered(encoder("bundled"))

    def between(original: str, version: str) -> tuple[Finding, ...]:
        key = original, version
        if key not in seen:
            sides = Side.of_sentences([original], "en"), Side.of_sentences([version], "en")
            seen[key] = findings.compare(*sides, ONE, encoder=engine)[0]
        return seen[key]

    clean = {(r["original"], r["clean"]) for r in rows}
    made = {}
    for bar in (BAR, 0.0):
        count: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0, 0])
        for row in rows:
            facet, allowed = row["facet"], FACETS.get(row["facet"])
            hit, alarm = (
                [
                    f
                    for f in between(row["original"], row[k])
                    if f.confidence >= bar and (allowed is None or f.facet in allowed)
                ]
                for k in ("changed", "clean")
            )
            total = count[facet]
            total[0] += bool(hit)
            total[1] += bool(alarm)
            total[2] += 1
            if bar and show == facet and (alarm or not hit):
                print("ALARM" if alarm else "MISS", [(f.facet, f.type, f.before, f.after) for f in alarm])
                print("  original", row["original"], "\n  clean   ", row["clean"], "\n  changed ", row["changed"])
        told = [{f.facet for f in seen[pair] if f.confidence >= bar} for pair in clean]
        of = [sum(bool(t & set(FACETS[kind])) for t in told) for kind in ("number", "name")]
        made[bar] = Demetr(dict(count), sum(map(bool, told)), len(clean), *of)
    return made


def demetr(show: str | None = None) -> None:
    told, every = demetr_counts(show).values()
    for name, made in (("asserted findings", told), ("with the possible ones, below even confidence", every)):
        if made.kinds:
            print(f"DEMETR, development half, {name}")
            for facet, (hits, alarms, n) in made.kinds.items():
                print(f"  {facet:18} {f1(hits, alarms, n - hits)}  alarms {alarms / n:.3f}  n {n}")
            shares = [n / made.unaltered for n in (made.alarms, made.figures, made.names)]
            print(f"  any finding on the {made.unaltered} unaltered sentences: {shares[0]:.3f}", end="")
            print(f", one of a figure {shares[1]:.3f}, of a name {shares[2]:.3f}")


def calibration_counts() -> dict[tuple[str, str], list[float]]:
    """Right, wrong and summed confidence of each kind (facet, type) on DEMETR's changed sentences.

    A finding is wrong if the unaltered sentence gives it too.
    """
    kinds: dict[tuple[str, str], list[float]] = collections.defaultdict(lambda: [0, 0, 0.0])
    for row in data.demetr():
        plain, changed = (
            findings.compare(Side.of_sentences([row["original"]], "en"), Side.of_sentences([row[k]], "en"), ONE)[0]
            for k in ("clean", "changed")
        )
        there = {(f.facet, f.type, f.before, f.after) for f in plain}
        for f in changed:
            total = kinds[f.facet, f.type]
            total[(f.facet, f.type, f.before, f.after) in there] += 1
            total[2] += f.confidence
    return dict(kinds)


def calibration() -> None:
    """Right and wrong findings of each kind on DEMETR's changed sentences, beside the confidence they are given."""
    for (facet, type_), (right, wrong, sure) in sorted(calibration_counts().items()):
        n = right + wrong
        print(
            f"  {facet:10}{type_:8} right {right:.0f} wrong {wrong:.0f} share {right / n:.3f} confidence {sure / n:.3f}"
        )


def gold_beads(row: dict[str, Any]) -> Alignment:
    """The beads of the gold links: one a version segment, and the one-sided ones."""
    of: dict[int, list[int]] = collections.defaultdict(list)
    for o, v in row["links"]:
        of[v].append(o)
    linked = {o for o, _ in row["links"]}
    beads = [Bead(tuple(some), (v,)) for v, some in of.items()]
    beads += [Bead((o,), ()) for o in range(len(row["original"])) if o not in linked]
    beads += [Bead((), (v,)) for v in range(len(row["version"])) if v not in of]
    return Alignment(tuple(beads), tuple(Link(o, v, 1.0) for o, v in row["links"]))


def story_counts(
    rows: list[dict[str, Any]], beads: Callable[[dict[str, Any]], Alignment]
) -> dict[tuple[str, str], list[float]]:
    """Hits, wrong, missed, and the summed confidence of what was found, by (facet, language or `both`)."""
    count: dict[tuple[str, str], list[float]] = collections.defaultdict(lambda: [0, 0, 0, 0.0])
    for row in rows:
        sides = Side.of_sentences(row["original"], "en"), Side.of_sentences(row["version"], row["language"])
        found, _ = findings.compare(*sides, beads(row))
        for facet in ("number", "name"):
            want = {(c["original"], c["version"]) for c in row["changes"] if c["facet"] == facet}
            got = {(f.original, f.version) for f in found if f.facet == facet}
            for key in (facet, row["language"]), (facet, "both"):
                total = count[key]
                total[0] += len(want & got)
                total[1] += len(got - want)
                total[2] += len(want - got)
                sure: dict[tuple[int | None, int | None], float] = {}
                for f in found:
                    if f.facet == facet:
                        at = f.original, f.version
                        sure[at] = max(sure.get(at, 0.0), f.confidence)
                total[3] += sum(sure.values())
    return dict(count)


def story_versions(beads: Callable[[dict[str, Any]], Alignment], name: str) -> None:
    rows = data.story_versions()
    if not rows:
        return
    print(f"NTREX story versions, development half, {name}")
    for (facet, language), (hits, wrong, missed, _) in sorted(story_counts(rows, beads).items()):
        stories = sum(language in ("both", row["language"]) for row in rows)
        print(f"  {facet:7}{language:5} {f1(hits, wrong, missed)}  false a story {wrong / stories:.2f}")


def retellings(beads: Callable[[dict[str, Any]], Alignment], name: str, show: str | None = None) -> None:
    """The changes noted in the free retellings: how many have a finding of their facet at their place, and how many
    any finding there; and how many findings there are a version. By halves: rules may be made on the even stories.

    show: the facet whose misses are printed, of the even stories.
    """
    for half, odd in (("even stories", False), ("odd stories", True)):
        rows = data.retellings(odd=odd)
        count, told, every = retelling_counts(rows, beads, None if odd else show)
        print(f"Free retellings, {half}, {name}: {told / len(rows):.1f} findings asserted a version, ", end="")
        print(f"{every / len(rows):.1f} in all; noted changes asserted with their facet, found with it, found at all:")
        for (facet, language), (n, sure, good, there) in sorted(count.items()):
            print(f"  {facet:10}{language:5} {sure / n:.3f} {good / n:.3f} {there / n:.3f}  n {n}")


def retelling_counts(
    rows: list[dict[str, Any]], beads: Callable[[dict[str, Any]], Alignment], show: str | None = None
) -> tuple[dict[tuple[str, str], tuple[int, ...]], int, int]:
    """Noted changes, those asserted with their facet, found with it, found at all, by (facet or `all`, language or
    `both`); then the asserted findings and all findings of these versions."""
    count: dict[tuple[str, str], tuple[int, ...]] = collections.defaultdict(lambda: (0, 0, 0, 0))
    told = every = 0
    for row in rows:
        sides = Side.of_sentences(row["original"], "en"), Side.of_sentences(row["version"], row["language"])
        found, _ = findings.compare(*sides, beads(row))
        told += sum(f.confidence >= BAR for f in found)
        every += len(found)
        for c in row["changes"]:
            here = [f for f in found if at_place(f, c)]
            right = [f for f in here if f.facet in (c["facet"], *ALSO.get(c["facet"], ()))]
            one = (1, any(f.confidence >= BAR for f in right), bool(right), bool(here))
            for key in itertools.product((c["facet"], "all"), (row["language"], "both")):
                count[key] = tuple(map(sum, zip(count[key], one, strict=True)))
            if show == c["facet"] and not right:
                print("MISS", row["id"], c["type"], repr(c["before"]), repr(c["after"]))
                print("  original", c["original"] is not None and row["original"][c["original"]])
                print("  version ", c["version"] is not None and row["version"][c["version"]])
                print("  found   ", [(f.facet, f.type, f.before, f.after) for f in here])
    return dict(count), told, every


def at_place(finding: Finding, change: dict[str, Any]) -> bool:
    """Whether a finding is about a segment of the change's, on a side that the change has words on."""
    sides = ((change["original"], finding.original), (change["version"], finding.version))
    return all(want is None or got is None or want == got for want, got in sides) and any(
        want is not None and want == got for want, got in sides
    )


def dutch_gold(show: bool = False) -> None:
    gold = data.h200("nl")
    if gold is None:
        return
    original, version = (
        Side(tuple(s["text"] for s in gold[k]), language, tuple(s["kind"] for s in gold[k]), WIRE_DATE)
        for k, language in (("original", "en"), ("version", "nl"))
    )
    links = [(o - 1, v["n"] - 1) for v in gold["version"] for o in v["links"]]
    beads = components(links)
    beads += [Bead((n,), ()) for n in original.content if n not in {o for o, _ in links}]
    beads += [Bead((), (n,)) for n in version.content if n not in {v for _, v in links}]
    found, _ = findings.compare(original, version, Alignment(tuple(beads), tuple(Link(o, v, 1.0) for o, v in links)))
    changes = [c for c in gold["changes"] if c["facet"] != "byline"]
    missed = [c for c in changes if not any(answers(f, c) for f in found)]
    share = 1 - len(missed) / len(changes)
    print(
        f"H200, Dutch gold: {len(changes) - len(missed)} of {len(changes)} changes, recall {share:.3f}; "
        f"{len(found)} findings"
    )
    for c in missed:
        print(f"  missed: {c['type']} {c['facet']} R{c['original']} V{c['version']}: {c['what']}")
    for f in found if show else ():
        print(
            f"  {f.rank:3} {f.type:8}{f.facet:10}{f.original} {f.version} {f.confidence:.2f} "
            f"{f.before[:70]!r} {f.after[:70]!r}"
        )


def answers(finding: Finding, change: dict[str, Any]) -> bool:
    """The rule of the gold's scorer: the named segments, and the facet unless the change is a claim or a place."""
    sides = ((change["original"], finding.original), (change["version"], finding.version))
    here = all(want is None or want - 1 == got for want, got in sides)
    return here and (finding.facet == change["facet"] or change["facet"] in ("claim", "place"))


def components(links: Sequence[tuple[int, int]]) -> list[Bead]:
    """Links joined into beads."""
    beads: list[tuple[set[int], set[int]]] = []
    for o, v in links:
        touching = [b for b in beads if o in b[0] or v in b[1]]
        merged = ({o}.union(*(b[0] for b in touching)), {v}.union(*(b[1] for b in touching)))
        beads = [b for b in beads if b not in touching] + [merged]
    return [Bead(tuple(sorted(a)), tuple(sorted(b))) for a, b in beads]


def linked(row: dict[str, Any]) -> Alignment:
    """Gold links as beads of whatever touches, and the one-sided ones."""
    pairs = [(o, v) for o, v in row["links"]]
    beads = components(pairs)
    for side, texts in enumerate((row["original"], row["version"])):
        alone = [n for n in range(len(texts)) if n not in {pair[side] for pair in pairs}]
        beads += [Bead((), (n,)) if side else Bead((n,), ()) for n in alone]
    return Alignment(tuple(beads), tuple(Link(o, v, 1.0) for o, v in pairs))


def aligner() -> Callable[[dict[str, Any]], Alignment]:
    engine = data.Remembered(encoder("bundled"))

    def beads(row: dict[str, Any]) -> Alignment:
        sides = Side.of_sentences(row["original"], "en"), Side.of_sentences(row["version"], row["language"])
        return align(*sides, engine)

    return beads


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--aligned", action="store_true", help="the story versions also with our own beads (minutes)")
    parser.add_argument("--misses", metavar="FACET", help="print what is missed or wrong in one DEMETR facet, or: gold")
    parser.add_argument("--calibration", action="store_true", help="only: how often each kind of finding is right")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    if chosen.calibration:
        calibration()
        return
    demetr(chosen.misses)
    story_versions(gold_beads, "gold beads")
    if chosen.aligned:
        story_versions(aligner(), "our beads")
        retellings(aligner(), "our beads")
    retellings(linked, "gold beads", chosen.misses)
    dutch_gold(chosen.misses == "gold")


if __name__ == "__main__":
    main()
