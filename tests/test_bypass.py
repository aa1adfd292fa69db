"""Eleven ways around the gate, each tried for real, each caught by at least one net.

The nets are the type checker, the import contracts, the linter, the tables themselves when the
program runs, and one rule about a name: only two files may know the seal.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cityhall import city_codebook, city_columns, city_frame, store, study

from reports.disclosure import release
from reports.errors import DisclosureError
from reports.tables import Release, Table

TYPED = """
from dataclasses import replace
from reports.counts import RawCounts
from reports.estimates import Results
from reports.assembly.choices import choice_rows
from reports.assembly.rows import Context
from reports.tables import Release, Table

def drawn(context: Context, raw: RawCounts) -> object:
    return choice_rows(context, raw)  # 1: a figure of raw counts

def changed(table: Table) -> None:
    table.counts = table.counts * 2  # 2: cells changed in place

def added(release: Release, table: Table) -> None:
    release.tables["x", ""] = table  # 3: a table slipped in

class Open(Table):  # 4: a table of one's own
    pass
"""

IMPORTS = {
    "a figure draws raw counts": ("reports/figures.py", "from reports import counts"),
    "a dossier opens the rows": ("reports/dossiers/council.py", "from survey import rows"),
    "a respondent's page reads results": ("survey/pages.py", "import reports.estimates"),
    "an estimator asks the database": ("reports/estimators/shares.py", "import sqlalchemy"),
    "a command goes round the ledger": (
        "reports/commands/dossier.py",
        "from reports.disclosure import release",
    ),
    "an exhibit takes what the gate knows": ("reports/exhibits.py", "import reports.counted"),
}


def tool(name: str, *arguments: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [str(Path(sys.executable).parent / name), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode != 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Release:
    path = tmp_path_factory.mktemp("city") / "set.zip"
    return release(store(path, study(city_frame()), city_codebook(), city_columns()))


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    for name in ("survey", "reports"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "ruff.toml"):
        shutil.copy(root / name, tmp_path)
    return tmp_path


def test_the_type_checker_sees_raw_counts_changed_cells_and_subclasses(
    root: Path, tmp_path: Path
) -> None:
    attempt = tmp_path / "attempt.py"
    attempt.write_text(TYPED, encoding="utf-8")
    cache = root / ".mypy_cache"
    told = tool("mypy", "--cache-dir", str(cache), str(attempt), folder=root)
    wrong = {int(line) for line in re.findall(r"attempt\.py:(\d+): error", told)}
    marked = {n for n, line in enumerate(TYPED.splitlines(), 1) if re.search(r"# \d:", line)}
    assert marked <= wrong, told


@pytest.mark.parametrize("hidden", [False, True], ids=["plain", "inside a function"])
def test_the_contracts_see_every_forbidden_import(copy: Path, hidden: bool) -> None:
    for module, line in IMPORTS.values():
        path = copy / module
        text = path.read_text(encoding="utf-8")
        plain = text.replace(
            "from __future__ import annotations\n",
            f"from __future__ import annotations\n{line}\n",
            1,
        )
        inner = f"{text}\n\ndef _quietly() -> None:\n    {line}\n"
        path.write_text(inner if hidden else plain, encoding="utf-8")
    told = tool("lint-imports", "--no-cache", folder=copy)
    for name in (
        "Only the gate sees raw counts",
        "Only the counts and the row-level export read rows",
        "Collecting knows nothing of evaluating",
        "Statistics know neither database nor web nor paper",
        "Everything leaves by the ledger",
    ):
        assert f"{name} BROKEN" in told, told
    assert "reports.exhibits -> reports.counted" in told


def test_the_linter_sees_an_import_by_string(copy: Path) -> None:
    path = copy / "reports" / "quiet.py"
    path.write_text('import importlib\n\nROWS = importlib.import_module("survey.rows")\n')
    told = tool("ruff", "check", "--select", "TID251", "reports/quiet.py", folder=copy)
    assert "TID251" in told


def test_a_table_made_by_hand_is_refused_when_the_program_runs(city: Release) -> None:
    known = city.tables["q1", ""]
    with pytest.raises(DisclosureError, match="gate"):
        Table(known.question, known.variable, "", (), (), (1,), np.zeros((0, 1), dtype=np.int64))


def test_a_changed_copy_of_a_released_table_is_refused(city: Release) -> None:
    with pytest.raises((DisclosureError, ValueError, TypeError)):
        replace(city.tables["q1", ""], by="department")
    with pytest.raises((DisclosureError, ValueError, TypeError)):
        replace(city, tables={})


def test_cells_mappings_and_fields_cannot_be_changed(city: Release) -> None:
    table = city.tables["q1", "department"]
    with pytest.raises(ValueError, match="read-only"):
        table.counts[0, 0] = 1
    with pytest.raises(TypeError):
        city.tables["x", ""] = table  # type: ignore[index]
    with pytest.raises(TypeError):
        table.of_one_mind["x"] = 1  # type: ignore[index]
    with pytest.raises((AttributeError, TypeError)):
        table.counts = table.counts * 2  # type: ignore[misc]


def sources(root: Path) -> dict[str, str]:
    """All files of both packages with their text."""
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for name in ("survey", "reports")
        for path in (root / name).rglob("*.py")
    }


SEALED = {"reports/tables.py", "reports/disclosure.py"}


def test_a_dossier_that_takes_the_seal_is_found(copy: Path) -> None:
    path = copy / "reports" / "dossiers" / "council.py"
    path.write_text(f"{path.read_text()}\n\nfrom reports.tables import _SEAL\n")
    known = {name for name, text in sources(copy).items() if "_SEAL" in text}
    assert known - SEALED == {"reports/dossiers/council.py"}


def test_only_two_files_know_the_seal_and_none_calls_the_gate_beside_the_ledger(
    root: Path,
) -> None:
    texts = sources(root)
    assert {name for name, text in texts.items() if "_SEAL" in text} == SEALED
    callers = {n for n, text in texts.items() if re.search(r"\b(study_results|results_of)\(", text)}
    assert callers == {"reports/results.py", "reports/releasing.py"}
