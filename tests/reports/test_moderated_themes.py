"""From the simulated texts of a study through two moderators to the council and what it is told."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.cli import reports
from reports.pdf_text import pdf_pages
from survey.dataset import store_data_set
from survey.files import SHIPPED
from survey.home import Home
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

FRAME = {
    "appointments": ("Erreichbarkeit", ("Telefon", "antwort", "Antwort")),
    "forms": ("Verständliche Schreiben", ("Formulare", "Programme", "Einarbeitung")),
    "ways": ("Kurze Wege", ("Wege", "Zuständigkeiten")),
}
"""Themes of the texts that the simulation writes: code to label and to what shows them."""

ANSWERS = """\
schema: 1
study: vision-public
answers:
  - to: improve.appointments
    said: Niemand ist zu erreichen.
    decision: taken
    reason: Alle Ämter erhalten eine gemeinsame Rufnummer.
    office: Bürgerdienste
  - to: improve.motto
    said: Das Motto ist überflüssig.
    decision: not_taken
    reason: Darüber entscheidet der Rat.
"""


def called(home: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(reports, ["--home", str(home), *arguments])
    assert result.exit_code == 0, (arguments, result.output, result.exception)
    return result


def home_of(folder: Path, name: str, ballots: int) -> Path:
    questionnaire = read_questionnaire(SHIPPED / f"{name}.yaml")
    simulate_data_set(questionnaire, ballots, 5, folder / f"{name}.zip")
    home = Home(folder / "home").ensure()
    store_data_set(home, folder / f"{name}.zip")
    return home.path


def moderate(home: Path, study: str, question: str) -> None:
    """Two people read every text in sheets of their own, and one of them releases."""
    for code, (label, _) in FRAME.items():
        called(home, "texts", "theme", study, question, code, label, "--as", "Amsel")
    for person in ("Amsel", "Drossel"):
        path = home / f"{question}-{person}.csv"
        called(home, "texts", "sheet", study, question, "--out", str(path))
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        for row in rows:
            found = [c for c, (_, words) in FRAME.items() if any(w in row["text"] for w in words)]
            row.update(decision="clean", themes=" ".join(found) or "none")
            row["reasons"] = "checked" if row["flags"] else ""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        taken = called(home, "texts", "take", study, question, str(path), "--as", person)
        assert taken.output.strip() == f"{2 * len(rows)} entries taken in, 0 not"
    called(home, "texts", "release", study, question, "--as", "Drossel")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The council dossier of the public study after the moderation, and what its build said."""
    home = home_of(tmp_path_factory.mktemp("themes"), "public", 4000)
    moderate(home, "vision-public", "improve")
    answers = home / "answers.proceeding.yaml"
    answers.write_text(ANSWERS, encoding="utf-8")
    out = home / "council.pdf"
    with_answers = ("--proceeding", str(answers), "--out", str(out))
    return out, called(home, "dossier", "council", "vision-public", *with_answers)


@pytest.fixture(scope="module")
def text(told: tuple[Path, Result]) -> str:
    return " ".join(" ".join(page.text for page in pdf_pages(told[0])).split())


def test_the_council_reads_what_was_written_as_counted_themes(text: str) -> None:
    chapter = text.partition("Anmerkungen nach Themen")[2]
    found = re.search(r"Erreichbarkeit (\d+) (\d+)", chapter)
    assert found is not None, chapter[:900]
    assert 10 <= int(found[1]) < int(found[2])
    assert "Wie viele insgesamt so denken, sagen diese Zahlen nicht." in chapter
    without = text.partition("Fragen ohne Ergebnis")[2].partition("Wortlaut der Fragen")[0]
    assert "Was zuerst besser werden sollte" not in without


def test_the_answer_to_a_theme_stands_beside_its_name_and_its_texts(text: str) -> None:
    table = text.partition("Was gesagt wurde und was die Verwaltung vorschlägt")[2]
    said = r"Erreichbarkeit \(\d+ von \d+ Texten\): Niemand ist zu erreichen\."
    assert re.search(said, table.replace("\u00a0", " ")), table[:600]
    assert re.search(r"Noch ohne Antwort.{0,200}Kurze Wege", table)


def test_what_no_released_theme_says_is_not_printed_as_said(
    told: tuple[Path, Result], text: str
) -> None:
    assert "Das Motto ist überflüssig" not in text
    warned = "the answer to improve.motto is not printed: no theme of this name is released"
    assert warned in told[1].stderr
    assert "answers.proceeding.yaml:9:" in told[1].stderr
    assert "no answer yet to improve.ways" in told[1].stderr


def test_every_number_of_themes_is_traced(told: tuple[Path, Result]) -> None:
    called(told[0].parent, "trace", str(told[0]))


def test_readers_find_the_moderated_themes_beside_their_passage(tmp_path: Path) -> None:
    home = home_of(tmp_path, "reading", 3000)
    moderate(home, "vision-reading", "t1_1_comment")
    out = home / "intensive.pdf"
    result = called(home, "dossier", "intensive", "vision-reading", "--out", str(out))
    text = " ".join(" ".join(page.text for page in pdf_pages(out)).split())
    assert re.search(r"Abschnitt 1\.1 Erreichbarkeit \d+ \d+", text)
    assert "no answer yet to t1_1_comment.appointments" in result.stderr
    called(home, "trace", str(out))
