"""Every shell example of a page works as printed, in the order of the page."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import limesurvey_answers
import postgres
import pytest
from click.testing import CliRunner
from documentation import DOCS, blocks
from servers import ROOT
from shell_examples import NOT_RUN, SHELL, ExampleError, Page, not_run

from survey.cli import survey

SECRET = "vier Wörter sind genug\n"
TODAY = datetime.now(UTC).date().isoformat()


def program(*words: str, folder: Path) -> None:
    """What somebody else does with the program, in the same home."""
    done = CliRunner().invoke(survey, ["--home", str(folder / "instance"), *words])
    assert done.exit_code == 0, done.output


def beside_the_program(folder: Path) -> None:
    """What lies in the folder of the program, with a staff study that runs today."""
    for name in ("deploy", "wsgi.py", "tests", "benchmarks"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "questionnaires", folder / "questionnaires")
    staff = folder / "questionnaires" / "vision" / "staff.yaml"
    text = staff.read_text("utf-8")
    for name, day in (
        ("opens", "2025-01-01"),
        ("closes", "2099-01-01"),
        ("delete_on", "2099-12-31"),
    ):
        time = "T08:00:00+01:00" if name != "delete_on" else ""
        text = re.sub(rf"^  {name}: .*$", f"  {name}: {day}{time}", text, flags=re.MULTILINE)
    staff.write_text(text, encoding="utf-8")


def with_a_home(folder: Path) -> None:
    """The folder of the program, with an installation that is ready."""
    beside_the_program(folder)
    program("init", folder=folder)


# -- what others do meanwhile -----------------------------------------------------------------


def two_people_type(folder: Path) -> None:
    """Two people type the same stack of two sheets."""
    head = (folder / "bogen.csv").read_text("utf-8").strip().split(",")
    for name in ("erste.csv", "zweite.csv"):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, head, restval="")
            writer.writeheader()
            writer.writerows([{"_sheet": n, "topics_service": "1"} for n in (1, 2)])


def a_study_runs(folder: Path) -> None:
    """A staff study that is open, as a demo: its keys and codes ask for nobody else."""
    home = folder / "srv" / "meinungsbild"
    staff = folder / "questionnaires" / "vision" / "staff.yaml"
    for words in (["study", "add", str(staff), "--demo"], ["study", "open", "vision-staff"]):
        assert CliRunner().invoke(survey, ["--home", str(home), *words]).exit_code == 0


def the_disk_is_lost(folder: Path) -> None:
    """What is left of an installation are its backup and its secrets."""
    for path in (folder / "srv" / "meinungsbild").iterdir():
        if path.name != "secrets":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def a_structure_of_limesurvey(folder: Path) -> None:
    """A structure and the answers to it, as LimeSurvey exports them."""
    form, fields = limesurvey_answers.structure()
    form.survey["sid"] = "123456"
    form.save(folder / "umfrage.lss")
    cells = limesurvey_answers.table(fields, limesurvey_answers.people(fields), "code", long=False)
    answers = limesurvey_answers.as_csv(cells, ",")
    (folder / "results-survey123456.csv").write_bytes(answers)


def results_are_there(folder: Path) -> None:
    """An opened data set of the staff study, and a spreadsheet from elsewhere."""
    program("demo", "--responses", "600", folder=folder)
    (folder / "umfrage").mkdir()
    (readme,) = blocks((ROOT / "README.md").read_text("utf-8"), "yaml")
    text = readme.replace("id: canteen", "id: umfrage")
    for path in (folder / "umfrage.yaml", folder / "umfrage" / "umfrage.yaml"):
        path.write_text(text, encoding="utf-8")
    rows = [["wish_veg", "wish_fast", "wish_quiet"], *[["1", "2", "0"], ["2", "1", "0"]] * 60]
    (folder / "antworten.xlsx").write_bytes(limesurvey_answers.as_xlsx(rows))


def a_system(folder: Path) -> None:
    """The folders that a Debian with nginx and systemd has already."""
    beside_the_program(folder)
    for name in ("usr/share", "etc/nginx/sites-enabled", "etc/systemd/system", "srv"):
        (folder / name).mkdir(parents=True)


# -- the pages --------------------------------------------------------------------------------

PLACES = {
    r"\.venv/bin/": "",
    r"(?<![\w.}])/(etc|srv|usr/share)/": r"{folder}/\1/",
}
"""A reader works as root in places of the system; a test in its own folder."""

GUIDE = Page("docs/de/erste-umfrage.md")
FIELD_PHASE = Page(
    "docs/de/feldphase.md",
    prepare=with_a_home,
    meanwhile={"survey paper-entry vision-staff erste.csv": two_people_type},
    typed={
        "survey keys create ": SECRET * 2,
        "survey urn open ": SECRET,
        "survey urn verify ": SECRET * 2,
        "survey study close ": "y\n",
        "survey keys destroy ": "y\n" + SECRET,
    },
    filled={"--number 22000": "--number 60", r"--date \S+": f"--date {TODAY}"},
)
OPERATION = Page(
    "docs/de/betrieb.md",
    prepare=a_system,
    meanwhile={"survey backup": a_study_runs, "survey restore": the_disk_is_lost},
    filled=PLACES,
)
LIMESURVEY = Page("docs/de/limesurvey.md", prepare=a_structure_of_limesurvey)
EXCHANGE = Page("docs/de/austausch.md", prepare=results_are_there)
PRIVACY = Page("docs/de/datenschutz.md", prepare=results_are_there)
SERVERS = Page("deploy/README.md", prepare=a_system, filled=PLACES)

PAGES = (GUIDE, FIELD_PHASE, OPERATION, LIMESURVEY, EXCHANGE, PRIVACY, SERVERS)
ELSEWHERE = {"README.md", "docs/DATASET.md"}
"""Their examples are run by test_examples.py, together with those in YAML and Python."""


def test_the_first_survey_works_as_printed(tmp_path: Path) -> None:
    said = GUIDE.follow(tmp_path)
    assert "0 Fehler, 0 Hinweise" in "".join(said.values())
    assert "http://127.0.0.1" in said["survey preview arbeit/arbeit.yaml"]
    assert (tmp_path / "arbeit.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "arbeit.xlsx").stat().st_size > 5000


def test_the_field_phase_leads_from_keys_to_the_protocol_of_their_end(tmp_path: Path) -> None:
    said = FIELD_PHASE.follow(tmp_path)
    assert "the rehearsal of vision-staff has passed" in "".join(said.values())
    assert "2 sheets are in the urn" in said["survey paper-entry vision-staff erste.csv zweite.csv"]
    assert (tmp_path / "protokoll.pdf").read_bytes().startswith(b"%PDF")
    assert not (tmp_path / "personalrat.key").exists()


def test_an_installation_is_set_up_saved_and_restored_as_the_page_says(
    tmp_path: Path, postgresql: postgres.Server
) -> None:
    address = postgresql.create()
    try:
        elsewhere = {
            "survey init --database": "survey --home {folder}/zwei init --database",
            r"postgresql\+psycopg://\S+": f"'{address}'",
        }
        said = Page(**{**vars(OPERATION), "filled": {**PLACES, **elsewhere}}).follow(tmp_path)
    finally:
        postgresql.drop(address)
    assert said["survey doctor"]
    restored = next(text for line, text in said.items() if line.startswith("survey restore "))
    assert "vision-staff" in restored


def test_a_survey_moves_from_limesurvey_to_a_dossier_as_the_page_says(tmp_path: Path) -> None:
    said = LIMESURVEY.follow(tmp_path)
    assert "dataset: " in "".join(said.values())
    assert list((tmp_path / "berichte").glob("*.pdf"))


def test_results_and_rows_leave_and_come_in_as_the_page_says(tmp_path: Path) -> None:
    EXCHANGE.follow(tmp_path)
    for name in ("ergebnisse.xlsx", "ergebnisse.csv", "ergebnisse.zip", "zeilen.sav"):
        assert (tmp_path / name).stat().st_size > 1000, name
    assert list((tmp_path / "bilder").iterdir())
    assert list((tmp_path / "berichte").glob("*.pdf"))


def test_the_staff_council_sees_what_is_kept_as_the_page_says(tmp_path: Path) -> None:
    said = PRIVACY.follow(tmp_path)
    assert "Tabellen und Spalten der Datenbank" in said["survey inspect vision-staff"]
    for name in ("zusage.pdf", "verzeichnis.pdf"):
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")


def test_the_shipped_files_come_to_where_the_server_looks_for_them(tmp_path: Path) -> None:
    SERVERS.follow(tmp_path)
    site = tmp_path / "etc" / "nginx" / "sites-enabled" / "meinungsbild.conf"
    (root_of_notices,) = re.findall(r"root (/usr/share/\S+);", site.read_text("utf-8"))
    assert (tmp_path / root_of_notices[1:] / "notices" / "away.html").is_file()
    assert (tmp_path / "etc" / "systemd" / "system" / "meinungsbild.service").is_file()


# -- what no test can run, and that nothing is left out ------------------------------------------


def pages() -> list[Path]:
    """Every page whose shell examples are written by hand."""
    generated = {"QUESTIONNAIRES.md", "COMMANDS.md"}
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "deploy").glob("*.md")]
    return [*found, *(page for page in DOCS.rglob("*.md") if page.name not in generated)]


def lines_of(page: Path) -> list[str]:
    return Page(str(page.relative_to(ROOT))).lines()


def test_every_shell_line_is_run_or_has_a_reason_why_it_is_not() -> None:
    run = {page.path for page in PAGES} | ELSEWHERE
    left = {
        (page.name, line)
        for page in pages()
        if str(page.relative_to(ROOT)) not in run
        for line in lines_of(page)
        if not not_run(line)
    }
    assert left == set()


def test_every_reason_is_needed() -> None:
    every = [line for page in pages() for line in lines_of(page)]
    assert [start for start in NOT_RUN if not any(x.startswith(start) for x in every)] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_every_shell_block_can_be_parsed(page: Path) -> None:
    for block in blocks(page.read_text("utf-8"), *SHELL):
        done = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), block


@pytest.mark.parametrize("script", ["start", "check"])
def test_every_option_of_the_two_scripts_is_on_a_page_and_the_other_way_round(script: str) -> None:
    offered = set(re.findall(r"^ +(--\w[\w-]*)\b.*\)", (ROOT / script).read_text(), re.MULTILINE))
    text = "\n".join(page.read_text("utf-8") for page in pages())
    shown = re.findall(rf"(?<![\w/])\./{script}((?: --[\w-]+)+)", text)
    assert {option for options in shown for option in options.split()} == offered - {"--help"}


def test_every_shipped_file_and_unit_that_a_page_names_is_there() -> None:
    units = {path.name for path in (ROOT / "deploy" / "systemd").iterdir()}
    for page in pages():
        text = page.read_text("utf-8")
        for name in re.findall(r"\bmeinungsbild[\w-]*\.(?:service|timer)\b", text):
            assert name in units, (page.name, name)
        for path in re.findall(r"(?<![\w/])deploy/[\w./*-]*[\w*]", text):
            assert list(ROOT.glob(path)), (page.name, path)


def test_a_line_that_does_not_work_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\nsurvey check nothing.yaml\n```\n", encoding="utf-8")
    with pytest.raises(ExampleError, match=r"nothing\.yaml"):
        Page(str(page)).follow(tmp_path)
