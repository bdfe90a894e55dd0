"""What the check for known vulnerabilities makes of an answer, and of none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks import audit

REPORT = {
    "dependencies": [
        {"name": "a", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": ["CVE-1"]}]},
        {"name": "b", "version": "2.0", "vulns": [{"id": "PYSEC-2", "fix_versions": [], "aliases": []}]},
        {"name": "c", "version": "3.0", "vulns": []},
        {"name": "d", "skip_reason": "not on the index"},
    ]
}


def test_what_can_be_mended_fails_unless_a_reason_is_given() -> None:
    fails, told = audit.judged(REPORT, {})
    assert fails == ["a 1.0: PYSEC-1 CVE-1 (mended in 1.1)"] and told == ["b 2.0: PYSEC-2 (no version mends it)"]
    fails, told = audit.judged(REPORT, {"CVE-1": "not reached by us"})
    assert fails == [] and told[0] == "a 1.0: PYSEC-1 CVE-1 (not reached by us)"


@pytest.mark.parametrize(("report", "code"), [(REPORT, 1), ({"dependencies": []}, 0)])
def test_the_answer_decides(monkeypatch: pytest.MonkeyPatch, report: object, code: int) -> None:
    monkeypatch.setattr(audit, "tool", lambda: Path("pip-audit"))
    monkeypatch.setattr(audit, "asked", lambda *_: report)
    assert audit.main() == code


@pytest.mark.parametrize(
    "fault",
    [
        OSError("unreachable"),
        subprocess.TimeoutExpired("pip-audit", 1),
        subprocess.CalledProcessError(1, "pip", "", "no index"),
    ],
)
def test_no_answer_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    def fails() -> Path:
        raise fault

    monkeypatch.setattr(audit, "tool", fails)
    assert audit.main() == 0
    assert capsys.readouterr().out.startswith("audit: not done, the service or its tool could not be reached (")


def test_a_tool_that_writes_no_report_has_not_answered(tmp_path: Path) -> None:
    broken = tmp_path / "pip-audit"
    broken.write_text("#!/bin/sh\necho cannot connect >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(OSError, match="cannot connect"):
        audit.asked(broken, tmp_path)


def test_a_service_that_knows_no_package_has_not_answered(tmp_path: Path) -> None:
    tool = tmp_path / "pip-audit"
    tool.write_text(
        """#!/bin/sh
        while [ "$1" != --output ]; do shift; done
        echo '{"dependencies": [{"name": "a", "skip_reason": "Dependency not found on PyPI"}]}' > "$2"
        """
    )
    tool.chmod(0o755)
    with pytest.raises(OSError, match="none of 1 packages could be looked up; Dependency not found"):
        audit.asked(tool, tmp_path)
    tool.write_text(tool.read_text().replace("}]}'", '}, {"name": "b", "version": "1", "vulns": []}]}\''))
    assert len(audit.asked(tool, tmp_path)["dependencies"]) == 2
