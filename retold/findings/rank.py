"""What an editor should read first, and where only the English of a finding is in doubt."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from retold.records import Alignment, Finding, Side
from retold.translate.check import negation, turns

# The order of an editor's care: what was turned round (a rise told as a fall is a changed claim), then who says it,
# what is said, how, and wording; what merely stands elsewhere comes last.
_CARE = [
    ("changed", "claim"), ("changed", "negation"), ("added", "negation"), ("dropped", "negation"),
    ("dropped", "source"), ("changed", "source"), ("changed", "number"), ("changed", "money"), ("dropped", "hedge"),
    ("changed", "hedge"), ("changed", "name"), ("changed", "place"), ("changed", "time"), ("dropped", "quote"),
    ("changed", "quote"), ("dropped", "claim"), ("added", "claim"), ("added", "source"), ("added", "hedge"),
    ("added", "number"), ("dropped", "number"), ("changed", "intensity"),
]  # fmt: skip
BAR = 0.5  # findings less sure than this are only possible: they come last, and no brief tells them
CARE = {pair: n for n, pair in enumerate(_CARE)}


def key(finding: Finding) -> tuple[float, ...]:
    """Sorts findings: importance weighed with confidence, then reading order."""
    care = CARE.get((finding.type, finding.facet), len(_CARE)) / len(_CARE)
    unsure = 1 if finding.confidence < BAR else 0
    where = finding.original if finding.original is not None else 10_000 + (finding.version or 0)
    return (unsure, care - 0.3 * finding.confidence, where, finding.version or 0, (finding.original_span or (0, 0))[0])


FACTS = frozenset({"number", "money", "name", "time"})  # facets that a wrong link makes up
# A fact over on one side of a link less sure than this is more often the link's fault (NTREX, our own beads).
LINKED = 0.75


def by_links(found: Sequence[Finding], alignment: Alignment) -> list[Finding]:
    """Findings of facts no surer than the link they rest on, those over on one side of a doubtful link left out."""
    sure = {(link.original, link.version): link.probability for link in alignment.links}
    out = []
    for f in found:
        probability = (
            sure.get((f.original, f.version), 1.0) if f.original is not None and f.version is not None else 1.0
        )
        if f.facet in FACTS and f.type != "changed" and probability < LINKED:
            continue
        out.append(dataclasses.replace(f, confidence=f.confidence * probability) if f.facet in FACTS else f)
    return out


def check(finding: Finding, version: Side, english: Mapping[int, str]) -> Finding:
    """Mark a finding that the English of its version side tells otherwise, so that its reader would not see it.

    A figure or name: the version's is missing from the English while the original's is there. A negation or a claim
    turned round: the version and its English do not both deny, or go opposite ways.
    """
    if finding.version is None or finding.version not in english:
        return finding
    text, told = version.texts[finding.version], english[finding.version]
    if finding.facet in ("number", "money", "name"):
        low = told.casefold()
        undone = bool(finding.before) and finding.before.casefold() in low and finding.after.casefold() not in low
    elif finding.facet == "negation":
        undone = negation(text, told, version.language) is not None
    elif (finding.type, finding.facet) == ("changed", "claim"):
        undone = any(turns(text, told, version.language))
    else:
        return finding
    return dataclasses.replace(finding, suspect_translation=undone) if undone else finding
