"""The structure that the import contracts and types promise, tried by breaking it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import reports
import survey

PACKAGES = ("survey", "reports")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    for name in PACKAGES:
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "setup.cfg", tmp_path)
    return tmp_path


def prepend(module: Path, line: str) -> None:
    text = module.read_text(encoding="utf-8")
    future = "from __future__ import annotations\n"
    assert future in text
    module.write_text(text.replace(future, future + line + "\n", 1), encoding="utf-8")


def test_both_packages_are_ours(root: Path) -> None:
    assert Path(survey.__file__).parent == root / "survey"
    assert Path(reports.__file__).parent == root / "reports"


def test_the_contracts_hold(copy: Path) -> None:
    result = lint_imports(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("reports/figures.py", "import survey.rows"),
        ("reports/figures.py", "from survey.texts import read_texts"),
        ("reports/figures.py", "from reports import counts"),
        ("reports/commands/estimates.py", "from reports.row_formats import FORMATS"),
        ("reports/row_formats/as_csv.py", "from survey.rows import read_columns"),
        ("reports/dossiers/council.py", "from survey.rows import read_columns"),
        ("reports/results.py", "from reports.counts import *"),
        ("survey/pages.py", "import reports.estimates"),
        ("survey/pages.py", "import numpy"),
        ("survey/desk.py", "import pandas"),
        ("survey/desk.py", "from survey import schema"),
        ("reports/estimators/shares.py", "import reports.wording"),
        ("survey/codebook.py", "import survey.urn"),
    ],
)
def test_a_forbidden_import_breaks_a_contract(copy: Path, module: str, line: str) -> None:
    prepend(copy / module, line)
    result = lint_imports(copy)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout


def test_the_seal_is_known_to_the_gate_only(root: Path) -> None:
    holders = {
        str(path.relative_to(root))
        for name in PACKAGES
        for path in (root / name).rglob("*.py")
        if "_SEAL" in path.read_text(encoding="utf-8")
    }
    assert holders == {"reports/tables.py", "reports/disclosure.py"}


def test_no_module_has_outgrown_its_name(root: Path) -> None:
    lengths = {
        str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines())
        for name in PACKAGES
        for path in (root / name).rglob("*.py")
    }
    assert {name: n for name, n in lengths.items() if n > 400} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_files_pin_hashes_and_name_no_address(root: Path, lock: str) -> None:
    text = (root / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "/" not in text
    assert text.count("--hash=sha256:") > text.count("==")


def test_the_wheel_carries_templates_styles_and_migrations(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(
        root,
        source,
        ignore=shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache"),
    )
    script = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
    command = [sys.executable, "-W", "ignore", "-c", script]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    (wheel,) = source.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    for name in PACKAGES:
        for path in (root / name).rglob("*"):
            wanted = path.suffix in {".py", ".html", ".css", ".po", ".typed", ".mako", ".js"}
            if path.is_file() and wanted and "__pycache__" not in path.parts:
                assert str(path.relative_to(root)) in packed
    assert "wsgi.py" in packed
