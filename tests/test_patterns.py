"""What the page of question patterns says of the report is what the report says.

All patterns stand in one questionnaire, simulated staff answer it, and the report to the project
team is composed from their ballots. Each pattern has a sentence of the page and what must be found.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from documentation import DOCS, blocks
from survey_frame import FRAME

from reports.disclosure import release
from reports.dossier import Dossier
from reports.dossiers.team import team
from reports.estimates import Results
from reports.exhibits import Picture
from reports.published import published
from reports.results import results_of
from reports.tracing import check_numbers
from survey.dataset import read_data_set
from survey.questionnaire import Bundle, read_bundle
from survey.simulate import simulate_data_set
from survey.yaml_source import read_source

PAGE = (DOCS / "de" / "fragebogen.md").read_text("utf-8")
WORDS = ("gar nicht gut", "eher nicht gut", "mittelmäßig", "eher gut", "sehr gut")
STEPS = [{"code": n, "label": word} for n, word in enumerate(WORDS, start=1)]
SILENT = {"code": "dont_know", "label": "weiß nicht", "missing": "dont_know"}
STAFF = {
    "regime": "census_attempt",
    "access": "codes",
    "headcounts": {
        "file": "heads.csv",
        "date": "2026-01-01",
        "source": "Beispiel",
        "total": 2200,
    },
}
LEFT_OUT = "Fragen ohne Ergebnis in diesem Bericht"


@dataclass(frozen=True)
class Claim:
    """A sentence of the page; the chapter of the report and what it shows, or rows of the table."""

    item: str
    sentence: str
    chapter: str = ""
    says: tuple[str, ...] = ()
    picture: bool = False
    rows: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


CLAIMS = (
    Claim("first_fields", "den Anteil unter den ersten Plätzen und die möglichen Plätze",
          "rangfolge-first_fields", ("unter den ersten 2) und mögliche Plätze:", "Platz"), True),
    Claim("first_fields", "wie stark die Reihenfolge wirkte", "guete",
          ("zuerst gezeigt weniger zuletzt gezeigt",), rows=("order_effect", "rank_set", "top_k")),
    Claim("informed_today", "Ein Balken mit allen Stufen", "einschaetzungen",
          (*WORDS, "% sagen „eher gut“ oder „sehr gut“", "% weiß nicht und", "% ohne Antwort"),
          True),
    Claim("quality", "stehen die Zeilen untereinander in einem Bild", "einschaetzung-quality",
          ("Service: gar nicht gut", "Digitales: gar nicht gut", "Orte: gar nicht gut"), True),
    Claim("gap", "Er stellt die Anteile der oberen beiden Stufen\nnebeneinander", "qualitaeten",
          ("Anteile der beiden höchsten Stufen auf beiden Fragen",
           "Verglichen sind die Antworten derselben Personen."), True),
    Claim("motto", "ist ein sichtbarer Balken", "wahl-motto", ("; keiner davon ",), True,
          rows=("rank_set",)),
    Claim("ways", "nennt den Anteil je Angabe", "frage-ways",
          ("Anteile derer, die die Angabe gewählt haben", "am Telefon", "auf keinem davon")),
    Claim("unit_kind", "„Woanders“ ist ein Balken", "frage-unit_kind", ("woanders, und zwar",),
          True),
    Claim("unit_kind_other", "Die eigenen Worte werden wie freie Texte", "impressum",
          (LEFT_OUT, "In welchem Bereich arbeiten Sie? – woanders, und zwar“")),
    Claim("words", "ohne Ergebnis in diesem Bericht", "impressum",
          (LEFT_OUT, "„Was sollten wir zuerst ändern?“")),
    Claim("years", "Klassen, dazu Median, Viertel und Mittelwert", "frage-years",
          ("unter 5", "10 bis 14", "Median", "ein Viertel", "Mittelwert"),
          rows=("class_share", "mean", "median", "quantile"), never=("share",)),
    Claim("last_visit", "zeigt der Bericht Zeiträume", "frage-last_visit",
          ("1. Januar 2025 bis 30. Juni 2025", "Median", "ein Viertel"),
          rows=("class_share", "median"), never=("mean", "share")),
    Claim("waiting", "Das n im Bericht zählt die gültigen Antworten", "frage-waiting",
          ("gültige Antworten",)),
    Claim("vision_1", "so lassen, ändern oder streichen wollen", "frage-vision_1",
          ("so lassen ", "; ändern ", "; streichen "), True, rows=("disagreement",)),
    Claim("weigh", "nennt je Gruppe, was wie oft", "frage-weigh",
          ("zügig, verständlich und in der Nähe: am wichtigsten",
           "zügig, verständlich und in der Nähe: am unwichtigsten")),
    Claim("weigh", "zeigt ein Bild: der Saldo je Angabe", "frage-weigh",
          ("Saldo je Angabe", "mögliche Plätze", "wie oft „am wichtigsten“ weniger"), True,
          rows=("best_worst", "rank_set")),
    Claim("duel", "je Paar, wie viele das eine", "frage-duel",
          ("Service – Digitales", "gleich wichtig")),
    Claim("duel", "zeigt ein Bild:\ndas Gewicht je Angabe", "frage-duel",
          ("Anteil am Gewicht je Angabe",), True, rows=("worth",)),
    Claim("budget", "Ein Bild zeigt je Feld die Punkte im Mittel", "frage-budget",
          ("Punkte im Mittel", "Platz", "gaben nichts"), True,
          rows=("points", "points_zero", "rank_set")),
)  # fmt: skip


def questionnaire() -> Bundle:
    """One questionnaire with every pattern of the page, for all staff."""
    frame = read_source(FRAME).data
    assert frame is not None
    frame["study"] |= STAFF
    frame["scales"]["success"] = {"scored": True, "steps": [*STEPS, SILENT]}
    items = [item for block in blocks(PAGE, "yaml") for item in read_source(block).data or ()]
    frame["pages"].append({"id": "more", "title": "Mehr", "items": items})
    text = json.dumps(frame, ensure_ascii=False, default=str)
    return Bundle(text, {"heads.csv": "unit,headcount\nparks,1200\nroads,1000\n"})


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    path = tmp_path_factory.mktemp("patterns") / "data.zip"
    simulate_data_set(read_bundle(questionnaire()), 900, 3, path)
    return results_of(release(read_data_set(path)))


@pytest.fixture(scope="module")
def report(results: Results) -> Dossier:
    return team(results)


def test_every_pattern_has_a_claim() -> None:
    asked = [item["id"] for block in blocks(PAGE, "yaml") for item in read_source(block).data or ()]
    assert len(asked) == 15
    assert set(asked) <= {claim.item for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.item}-{claim.chapter}")
def test_the_report_shows_what_the_page_says(
    claim: Claim, report: Dossier, results: Results
) -> None:
    assert claim.sentence in PAGE
    (chapter,) = (section for section in report.sections if section.id == claim.chapter)
    text = "\n".join(chapter.texts)
    assert [words for words in claim.says if words not in text] == []
    drawn = any(isinstance(block, Picture) for block in chapter.blocks)
    assert drawn or not claim.picture
    made = {row.statistic for row in results.select(claim.item) if row.value is not None}
    assert [name for name in claim.rows if name not in made] == []
    assert not made & set(claim.never)


def test_every_number_of_the_report_has_an_address(report: Dossier, results: Results) -> None:
    check_numbers(report, published(results).tracer())


def test_a_question_with_numbers_is_not_said_to_have_none(report: Dossier) -> None:
    (chapter,) = (section for section in report.sections if section.id == "impressum")
    text = "\n".join(chapter.texts).split(LEFT_OUT)[1].split("Wortlaut der Fragen")[0]
    assert text.strip()
    for question in ("Waren Sie bei uns?", "Seit wie vielen Jahren arbeiten Sie hier?"):
        assert question not in text
