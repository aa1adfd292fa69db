"""Estimates are computed once for a data set, and believed only with the seal of the home."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.errors import DisclosureError
from reports.estimate_store import EstimateStore
from reports.ledger import Ledger
from reports.long_table import as_csv
from reports.releasing import released_results
from survey.dataset import store_data_set
from survey.home import READY, Home
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

STUDY = "vision-staff"
NOW = datetime(2027, 5, 1, tzinfo=UTC)
AGAIN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from reports.long_table import as_csv
from reports.releasing import released_results
from survey.home import Home
results = released_results(Home(Path(sys.argv[1])), sys.argv[2], now=datetime(2027, 5, 2, tzinfo=UTC))
assert "scipy.stats" not in sys.modules, "it was computed again"
assert "reports.results" not in sys.modules, "what computes was loaded"
assert "pandas" not in sys.modules, "rows were not read as they lie there"
sys.stdout.buffer.write(as_csv(results.rows).encode())
"""  # noqa: E501


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Home:
    place = tmp_path_factory.mktemp("estimates")
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml")
    simulate_data_set(questionnaire, 400, 3, place / "staff.zip")
    home = Home(place / "home").ensure()
    store_data_set(home, place / "staff.zip")
    released_results(home, STUDY, now=NOW)
    return home


def kept(home: Home) -> Path:
    (path,) = (home.dossiers / STUDY / READY).glob("estimates.*")
    return path


def test_estimates_are_read_again_without_computing_and_are_the_same(
    filled: Home, root: Path
) -> None:
    first = as_csv(released_results(filled, STUDY, now=NOW).rows)
    command = [sys.executable, "-c", AGAIN, str(filled.path), STUDY]
    again = subprocess.run(command, check=True, capture_output=True, cwd=root)
    assert again.stdout.decode() == first
    assert len(Ledger(filled).entries()) == 1


def test_what_is_kept_is_for_its_owner_alone(filled: Home) -> None:
    assert stat.S_IMODE(kept(filled).stat().st_mode) == 0o600


def test_a_planted_number_is_not_believed(filled: Home) -> None:
    path, honest = kept(filled), released_results(filled, STUDY, now=NOW).rows
    row = next(row for row in honest if row.statistic == "share" and row.value)
    content = path.read_text("utf-8")
    assert f'"{row.printed}"' in content
    path.write_text(content.replace(f'"{row.printed}"', '"99,9\u00a0%"'), "utf-8")
    assert released_results(filled, STUDY, now=NOW).rows == honest
    assert path.read_text("utf-8") == content


def test_a_table_with_columns_of_different_lengths_is_not_read(filled: Home) -> None:
    results = released_results(filled, STUDY, now=NOW)
    store = EstimateStore(filled, results.release, Ledger(filled).entries())
    columns = json.loads(kept(filled).read_bytes().partition(b"\n")[2])
    assert store.find() == results.rows
    columns[0].pop()
    store._file.keep(json.dumps(columns).encode())
    assert store.find() is None
    store.keep(results.rows)
    assert store.find() == results.rows


def test_the_gate_and_the_ledger_judge_before_anything_kept_is_read(filled: Home) -> None:
    ledger = Ledger(filled)
    known = ledger.text()
    try:
        ledger.path.write_text(known.replace('"simulation": true', '"simulation": false'), "utf-8")
        assert ledger.text() != known
        with pytest.raises(DisclosureError):
            released_results(filled, STUDY, now=NOW)
    finally:
        ledger.path.write_text(known, "utf-8")
