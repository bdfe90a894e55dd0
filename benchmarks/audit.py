"""Known vulnerabilities of what is installed: `python -m benchmarks.audit`, with pip-audit in its own environment.

The command fails for a vulnerability that a newer version mends, unless `benchmarks/audit.toml` says why it may wait:
that is a pin to raise. One without a remedy is told and lets the work go on. Where pip-audit cannot be had, or its
service does not answer in time or knows none of the packages, one line says so and the command is content: a network
is no part of the project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.data import ROOT

TOOL = "pip-audit==2.10.1"
HOME = ROOT / ".cache" / "audit"
PATIENCE = 120  # seconds for each of installing and asking
ALLOWED = Path(__file__).with_suffix(".toml")


def tool() -> Path:
    """pip-audit in its own environment, made when first needed: its pins are none of ours."""
    path = HOME / "bin" / "pip-audit"
    if not path.exists():
        venv.create(HOME, with_pip=True, clear=True)
        install: list[str | Path] = [
            HOME / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            TOOL,
        ]
        subprocess.run(install, check=True, timeout=PATIENCE, capture_output=True, text=True)
    return path


def asked(path: Path, packages: Path) -> dict[str, Any]:
    """What the service knows of the packages in a folder. Raises OSError where it does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "audit.json"
        call: list[str | Path] = [
            path,
            "--path",
            packages,
            "--format",
            "json",
            "--output",
            out,
            "--progress-spinner",
            "off",
            "--timeout",
            "15",
        ]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
        made = subprocess.run(call, timeout=PATIENCE, capture_output=True, text=True, env=environment)
        if not out.exists() or not out.stat().st_size:
            raise OSError((made.stderr.strip().splitlines() or ["no answer"])[-1][:200])
        report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    skipped = [p["skip_reason"] for p in report["dependencies"] if "skip_reason" in p]
    if len(skipped) == len(report["dependencies"]):  # an index without the vulnerability service says so of each
        raise OSError(f"none of {len(skipped)} packages could be looked up; {(skipped or ['no package'])[0]}")
    return report


def judged(report: Mapping[str, Any], allowed: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """(what fails, what is only told), a line each."""
    fails, told = [], []
    for package in report["dependencies"]:
        for found in package.get("vulns", ()):
            names = [found["id"], *found.get("aliases", ())]
            reason = next((allowed[n] for n in names if n in allowed), "")
            mended = ", ".join(found.get("fix_versions", ()))
            line = f"{package['name']} {package['version']}: {' '.join(names)}"
            if reason or not mended:
                told.append(f"{line} ({reason or 'no version mends it'})")
            else:
                fails.append(f"{line} (mended in {mended})")
    return fails, told


def main() -> int:
    allowed = tomllib.loads(ALLOWED.read_text(encoding="utf-8"))["allowed"]
    try:
        report = asked(tool(), Path(sysconfig.get_paths()["purelib"]))
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error) or repr(error)).strip().splitlines()[-1]
        print(f"audit: not done, the service or its tool could not be reached ({said[:200]})")
        return 0
    fails, told = judged(report, allowed)
    for line in told:
        print(f"audit: known: {line}")
    for line in fails:
        print(f"audit: FAILS: {line}; raise the pin, or say in {ALLOWED.name} why it may wait")
    looked = sum("skip_reason" not in p for p in report["dependencies"])
    print(
        f"audit: {looked} of {len(report['dependencies'])} packages looked up, {len(fails)} to mend, {len(told)} known"
    )
    return 1 if fails else 0


if __name__ == "__main__":
    sys.exit(main())
