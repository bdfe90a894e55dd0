"""Every result as a pandas table a person reads: labels count from 1, columns stand in the order they are read in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retold import kinship as kinship_
from retold import ledger as ledger_
from retold.naming import finding_keys, label, language_name
from retold.records import CONTENT_KINDS, Document, Role, Segment
from retold.report.palette import word
from retold.review.decision import DONE
from retold.shared import shared_facts

if TYPE_CHECKING:
    import pandas as pd

    from retold.compare import Comparison, OpenStory


def findings(comparison: Comparison) -> pd.DataFrame:
    """One row a finding, in rank order, with the words around it; those that a person rejected come last.

    `key` is its permalink in the report; `decision` and `comment` are what a person made of it.
    """
    import pandas as pd

    english = {t.n: t.text for t in comparison.translations}
    o, v = comparison.original_segments, comparison.version_segments
    keys = finding_keys(comparison)
    rows = [
        {
            "rank": f.rank,
            "type": f.type,
            "facet": f.facet,
            "original": "" if f.original is None else label("original", f.original),
            "version": "" if f.version is None else label(comparison.version.role, f.version),
            "before": f.before,
            "after": f.after,
            "confidence": round(f.confidence, 3),
            "suspect_translation": f.suspect_translation,
            "decision": DONE.get(f.decision, ""),
            "comment": f.comment,
            "original_text": "" if f.original is None else o[f.original].text,
            "version_text": "" if f.version is None else v[f.version].text,
            "english": "" if f.version is None else english.get(f.version, ""),
            "key": key,
        }
        for f, key in zip(comparison.all_found, keys, strict=True)
    ]
    columns = ["rank", "type", "facet", "original", "version", "before", "after", "confidence", "suspect_translation",
               "decision", "comment", "original_text", "version_text", "english", "key"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("rank")


def all_findings(opened: OpenStory) -> pd.DataFrame:
    """The findings of every document in one table, with the document's id first."""
    import pandas as pd

    some = [findings(c).reset_index().assign(document=c.version.id) for c in opened.comparisons]
    if not some:
        return pd.DataFrame(columns=["document"])
    joined = pd.concat(some, ignore_index=True)
    return joined[["document", *(c for c in joined.columns if c != "document")]]


def segments(opened: OpenStory) -> pd.DataFrame:
    """One row a segment of every document, with its offsets in the file's text and, where there is one, its English."""
    import pandas as pd

    rows = []
    made_of = {c.version.id: {t.n: t for t in c.translations} for c in opened.comparisons}
    for d in (opened.original, *opened.story.others):
        english = made_of.get(d.id, {})
        for s in opened.segments[d.id]:
            made = english.get(s.n)
            rows.append(
                {
                    "document": d.id, "segment": label(d.role, s.n), "kind": s.kind, "text": s.text,
                    "english": made.text if made else "", "engine": made.engine if made else "",
                    "warnings": "; ".join(made.warnings) if made else "", "start": s.start, "end": s.end,
                }
            )  # fmt: skip
    return pd.DataFrame(
        rows, columns=["document", "segment", "kind", "text", "english", "engine", "warnings", "start", "end"]
    )


def links(comparison: Comparison) -> pd.DataFrame:
    """One row a link, in the original's order; `bead` numbers the beads that the links belong to.

    Links that a person rejected are not there; one that a person stands for says so under `decision`.
    """
    import pandas as pd

    beads = {
        (o, v): (i, b.moved) for i, b in enumerate(comparison.alignment.beads) for o in b.original for v in b.version
    }
    english = {t.n: t.text for t in comparison.translations}
    decided = {(x.original, x.version): x.decision for x in comparison.reviewed if x.decision.on == "link"}
    said = {pair: (DONE[d.decision], d.comment) for pair, d in decided.items()}
    rows = [
        {
            "bead": beads[k.original, k.version][0] + 1,
            "original": label("original", k.original),
            "version": label(comparison.version.role, k.version),
            "probability": round(k.probability, 3),
            "moved": beads[k.original, k.version][1],
            "decision": said.get((k.original, k.version), ("", ""))[0],
            "comment": said.get((k.original, k.version), ("", ""))[1],
            "original_text": comparison.original_segments[k.original].text,
            "version_text": comparison.version_segments[k.version].text,
            "english": english.get(k.version, ""),
        }
        for k in sorted(comparison.alignment.links, key=lambda k: (k.original, k.version))
    ]
    columns = ["bead", "original", "version", "probability", "moved", "decision", "comment", "original_text",
               "version_text", "english"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def statuses(comparison: Comparison) -> pd.DataFrame:
    """One row a segment of both sides: what became of it, and which segments face it."""
    import pandas as pd

    role = comparison.version.role
    faces: dict[tuple[str, int], set[int]] = {}
    for k in comparison.alignment.links:
        faces.setdefault(("original", k.original), set()).add(k.version)
        faces.setdefault(("version", k.version), set()).add(k.original)
    sides: list[tuple[str, Role, Role, tuple[Segment, ...], tuple[str, ...]]] = [
        ("original", "original", role, comparison.original_segments, comparison.status.original),
        ("version", role, "original", comparison.version_segments, comparison.status.version),
    ]
    rows = [
        {
            "side": side,
            "segment": label(own, s.n),
            "kind": s.kind,
            "status": word(status[s.n], role),
            "faces": ", ".join(label(other, n) for n in sorted(faces.get((side, s.n), ()))),
            "text": s.text,
        }
        for side, own, other, some, status in sides
        for s in some
    ]
    return pd.DataFrame(rows, columns=["side", "segment", "kind", "status", "faces", "text"])


def counts(comparison: Comparison) -> dict[str, int]:
    """How many sentences and findings there are of each sort."""
    original = [comparison.status.original[s.n] for s in comparison.original_segments if s.kind in CONTENT_KINDS]
    version = [comparison.status.version[s.n] for s in comparison.version_segments if s.kind in CONTENT_KINDS]
    return (
        {"sentences": len(version), "of": len(original)}
        | {s: original.count(s) for s in ("kept", "partly_kept", "dropped")}
        | {s: version.count(s) for s in ("carried", "altered", "added")}
        | {"boilerplate": sum(s.kind == "boilerplate" for s in comparison.version_segments)}
        | {"findings": len(comparison.found), "suspect": sum(f.suspect_translation for f in comparison.found)}
    )


def overview(opened: OpenStory) -> pd.DataFrame:
    """One row a document: who, when, how long, and what it made of the original."""
    import pandas as pd

    def head(d: Document) -> dict[str, object]:
        return {
            "document": d.id, "role": d.role, "publisher": d.publisher, "language": language_name(d.language),
            "date": d.date, "dated": d.dated, "words": len(d.text.split()),
        }  # fmt: skip

    own = sum(s.kind in CONTENT_KINDS for s in opened.segments[opened.original.id])
    rows = [{**head(opened.original), "sentences": own}]
    rows += [{**head(c.version), **{k: n for k, n in counts(c).items() if k != "of"}} for c in opened.comparisons]
    table = pd.DataFrame(rows).set_index("document")
    figures = [c for c in table.columns if c not in ("role", "publisher", "language", "date", "dated")]
    return table.astype(dict.fromkeys(figures, "Int64"))


def coverage(opened: OpenStory) -> pd.DataFrame:
    """Original segments by documents: what became of each, and the segments that carry it."""
    import pandas as pd

    some = [s for s in opened.segments[opened.original.id] if s.kind in CONTENT_KINDS]
    table: dict[str, list[str]] = {"text": [s.text for s in some]}
    for c in opened.comparisons:
        faces: dict[int, list[int]] = {}
        for k in c.alignment.links:
            faces.setdefault(k.original, []).append(k.version)
        table[c.version.id] = [
            " ".join(
                [word(c.status.original[s.n], c.version.role),
                 ", ".join(label(c.version.role, n) for n in sorted(faces.get(s.n, [])))]
            ).strip()
            for s in some
        ]  # fmt: skip
    return pd.DataFrame(table, index=pd.Index([label("original", s.n) for s in some], name="original"))


def claims(opened: OpenStory) -> pd.DataFrame:
    """The table of claims: one row a statement, one column a document, with its segments and how it differs.

    The original's statements come first; those that it does not make follow, those of several documents on top.
    """
    import pandas as pd

    roles = {d.id: d.role for d in opened.story.documents}
    rows = []
    for claim in opened.claim_rows:
        row = {
            "claim": claim.text,
            "english": claim.english,
            "first": f"{claim.document} {label(roles[claim.document], claim.segment)}",
        }
        for id, cell in claim.cells:
            places = ", ".join(label(roles[id], n) for n in cell.segments)
            said = word(cell.status, roles[id]) if cell.status else "–"
            row[id] = " ".join(p for p in (said, places, f"({cell.how})" if cell.how else "") if p)
        rows.append(row)
    return pd.DataFrame(rows, columns=["claim", "english", "first", *(d.id for d in opened.story.others)])


def ledger(opened: OpenStory) -> pd.DataFrame:
    """One row an attribution and document: who says it in the original, who in the document, and the change."""
    import pandas as pd

    roles = {d.id: d.role for d in opened.story.documents}
    rows = []
    for e in ledger_.ledger(opened):
        o, v = e.original, e.version
        rows.append(
            {
                "statement": e.statement, "document": e.document, "kind": e.kind,
                "original": label("original", o.n) if o else "", "version": label(roles[e.document], v.n) if v else "",
                "original_source": o.words if o else "", "version_source": v.words if v else "",
                "original_chain": o.chain if o else "", "version_chain": v.chain if v else "",
            }
        )  # fmt: skip
    columns = ["statement", "document", "kind", "original", "version", "original_source", "version_source",
               "original_chain", "version_chain"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def kinship(opened: OpenStory) -> pd.DataFrame:
    """One row a document: how it stems from the original, with the figures that say so."""
    import pandas as pd

    rows = []
    for c in opened.comparisons:
        k = kinship_.kinship(c)
        figures = {"carried": round(k.carried, 3), "own": round(k.own, 3), "order": round(k.order, 3)}
        rows.append(
            {
                "document": c.version.id,
                "verdict": k.verdict,
                **figures,
                "rare facts": k.facts,
                "days": k.days,
                "dated": k.dated,
            }
        )
    columns = ["document", "verdict", "carried", "own", "order", "rare facts", "days", "dated"]
    return pd.DataFrame(rows, columns=columns).set_index("document")


def shared(comparison: Comparison) -> pd.DataFrame:
    """One row a fact that both documents have, the rarest first; weight in nats, higher is rarer."""
    import pandas as pd

    role = comparison.version.role
    rows = [
        {
            "fact": s.words,
            "type": s.type,
            "original": ", ".join(label("original", n) for n in s.original),
            "version": ", ".join(label(role, n) for n in s.version),
            "weight": round(s.weight, 2),
        }
        for s in shared_facts(comparison)
    ]
    return pd.DataFrame(rows, columns=["fact", "type", "original", "version", "weight"])
