"""LibreOffice Calc with German settings, as a city's office opens a file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import STRICT

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>de-DE</value></prop></item>
</oor:items>
"""
SHOWN = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
"""Every sheet as CSV with the cells as they are shown."""
FORMULAS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,true,false,false,-1"
"""Every sheet as CSV with formulas instead of their results."""
GERMAN_CSV = "Text - txt - csv (StarCalc):59,34,76,1,,1031,false,true"
"""How a German installation reads a CSV file."""


def converted(path: Path, to: str, folder: Path, read_as: str = "") -> list[Path]:
    """The files that LibreOffice makes of one; skips where it is missing, but never in CI."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        missing = "LibreOffice is missing (apt-test.txt: libreoffice-calc)"
        if STRICT:
            pytest.fail(missing)
        pytest.skip(missing)
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    out = folder / f"out-{len(list(folder.iterdir()))}"
    command = [
        program, f"-env:UserInstallation=file://{profile.parent}", "--headless", "--norestore",
        *([f"--infilter={read_as}"] if read_as else []), "--convert-to", to, "--outdir", str(out),
        str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return sorted(out.iterdir())
