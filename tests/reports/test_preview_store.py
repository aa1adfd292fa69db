"""A preview that is ready is shown only while nothing that it rests on has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.cli import reports
from reports.errors import DisclosureError
from survey.dataset import store_data_set
from survey.home import Home
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

STUDY = "vision-reading"
AGAIN = """
import sys
from reports.cli import reports
reports(["--home", sys.argv[1], "dossier", "intensive", "vision-reading", "--html", sys.argv[2]],
        standalone_mode=False)
assert not {"scipy", "matplotlib", "weasyprint"} & set(sys.modules), "it was computed again"
"""

UNDRAWN = """
import sys
from reports.cli import reports
reports(["--home", sys.argv[1], "dossier", "intensive", "vision-reading", "--html", sys.argv[2]],
        standalone_mode=False)
assert "reports.dossiers" in sys.modules, "it was not composed"
assert "matplotlib" not in sys.modules, "charts were drawn again"
"""

LIGHT = """
import sys
import reports.building, reports.preview, reports.surroundings
heavy = {"weasyprint", "matplotlib", "pandas", "scipy.stats", "sqlalchemy"} & set(sys.modules)
assert not heavy, f"loaded before it is needed: {heavy}"
"""


def test_composing_loads_nothing_that_only_counting_or_setting_pages_needs(root: Path) -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True, cwd=root)


@pytest.fixture
def home(root: Path, tmp_path: Path) -> Path:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "reading.yaml")
    simulate_data_set(questionnaire, 300, 3, tmp_path / "reading.zip")
    store_data_set(Home(tmp_path / "home"), tmp_path / "reading.zip")
    return tmp_path / "home"


def shown(home: Path, *options: str) -> tuple[Result, str]:
    target = home.parent / "preview.html"
    arguments = ["--home", str(home), "dossier", "intensive", STUDY, "--html", str(target)]
    result = CliRunner().invoke(reports, [*arguments, *options])
    return result, target.read_text(encoding="utf-8")


def test_a_preview_comes_again_without_any_computing_until_something_changes(
    home: Path, root: Path
) -> None:
    first, html = shown(home)
    assert first.exit_code == 0, first.output
    second = home.parent / "again.html"
    command = [sys.executable, "-c", AGAIN, str(home), str(second)]
    subprocess.run(command, check=True, capture_output=True, cwd=root)
    assert second.read_text(encoding="utf-8") == html
    again, same = shown(home)
    assert (again.stderr, same) == (first.stderr, html)

    shipped = root / "questionnaires" / "vision" / "reading.proceeding.yaml"
    own = home / "proceedings" / f"{STUDY}.proceeding.yaml"
    own.parent.mkdir()
    own.write_text(
        shipped.read_text("utf-8").replace("decision: later", "decision: taken", 1),
        encoding="utf-8",
    )
    _, other = shown(home)
    assert other != html
    ready = home / "dossiers" / STUDY / ".ready"
    assert len(list(ready.iterdir())) == 1


def test_a_change_of_the_proceedings_draws_no_chart_again(home: Path, root: Path) -> None:
    Home(home).ensure()
    _, html = shown(home)
    shipped = root / "questionnaires" / "vision" / "reading.proceeding.yaml"
    own = home / "proceedings" / f"{STUDY}.proceeding.yaml"
    own.parent.mkdir(exist_ok=True)
    content = shipped.read_text("utf-8")
    own.write_text(content.replace("decision: later", "decision: taken", 1), encoding="utf-8")
    target = home.parent / "changed.html"
    command = [sys.executable, "-c", UNDRAWN, str(home), str(target)]
    subprocess.run(command, check=True, capture_output=True, cwd=root)
    changed = target.read_text(encoding="utf-8")
    assert changed != html
    assert changed.count("data:image/svg+xml") == html.count("data:image/svg+xml") > 0


def test_a_ledger_that_was_tampered_with_stops_a_preview_that_is_ready(home: Path) -> None:
    shown(home)
    (ledger,) = (path for path in (home / "ledger").iterdir() if path.suffix == ".jsonl")
    ledger.write_text(ledger.read_text("utf-8").replace('"number": 1', '"number": 2'), "utf-8")
    result, _ = shown(home)
    assert isinstance(result.exception, DisclosureError)


def test_whoever_has_built_a_dossier_has_its_preview_ready(home: Path, root: Path) -> None:
    _, computed = shown(home)
    for path in (home / "dossiers" / STUDY / ".ready").iterdir():
        path.unlink()
    built = CliRunner().invoke(
        reports, ["--home", str(home), "dossier", "intensive", STUDY, "--out", f"{home}.pdf"]
    )
    assert built.exit_code == 0, built.output
    again = home.parent / "again.html"
    command = [sys.executable, "-c", AGAIN, str(home), str(again)]
    subprocess.run(command, check=True, capture_output=True, cwd=root)
    assert again.read_text(encoding="utf-8") == computed
