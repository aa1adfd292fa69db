"""Every example of the README and of the English pages does what the page says of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas
import pytest
from documentation import DOCS, blocks

from reports.proceeding import read_proceeding
from survey.foreign_map import read_map
from survey.questionnaire import Bundle, read_bundle

README = (DOCS.parent / "README.md").read_text("utf-8")
DATASET = (DOCS / "DATASET.md").read_text("utf-8")
DOSSIERS = (DOCS / "DOSSIERS.md").read_text("utf-8")

ROUNDS = 40
"""How often the three invented answers are repeated."""

ELSEWHERE = """
lists:
  topics:
    - {code: service, label: Service}
    - {code: safety, label: Sicherheit}
    - {code: green, label: Grün}
pages:
  - id: first
    title: Erstens
    items:
      - {id: topics, type: ranking, text: Was zuerst?, list: topics, depth: 2}
      - id: department
        type: single
        text: Wo arbeiten Sie?
        options: [{code: parks, label: Grün}, {code: library, label: Bücherei}]
      - id: ways
        type: multiple
        text: Welche Wege?
        options: [{code: bus, label: Bus}, {code: other, label: "andere, und zwar", other: true}]
      - {id: ways_comment, type: text, text: Was fehlt?}
"""
"""The questions that the mapping of the page on data sets speaks of."""


def run(folder: Path, script: str) -> str:
    """What a script says on its standard output, with both programs on its path."""
    environment = dict(os.environ)
    environment.pop("MEINUNGSBILD_HOME", None)
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    command = ["sh", "-c", "set -e\n" + script]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def canteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the questionnaire of the README and some answers to it."""
    folder = tmp_path_factory.mktemp("canteen")
    (text,) = blocks(README, "yaml")
    (folder / "canteen.yaml").write_text(text, encoding="utf-8")
    rows = ["wish_veg,wish_fast,wish_quiet", *["1,2,0", "2,1,0", "0,1,2"] * ROUNDS]
    (folder / "answers.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def said(canteen: Path) -> str:
    """What the commands of the README said, run as they stand."""
    start, use = blocks(README, "sh")
    assert start.startswith("./start")
    return run(canteen, use)


def test_the_commands_of_the_readme_lead_from_its_questionnaire_to_a_dossier(
    canteen: Path, said: str
) -> None:
    assert "0 Fehler" in said
    assert "canteen,wish,,,top_k,veg,0.666" in said
    assert (canteen / "council.pdf").read_bytes().startswith(b"%PDF")
    assert (canteen / "works" / "works.yaml").is_file()


def test_pandas_reads_a_data_set_in_the_line_that_the_page_prints(canteen: Path, said: str) -> None:
    (line,) = blocks(DATASET, "python")
    path = canteen / said.split("dataset: ", 1)[1].splitlines()[0]
    names = {"pandas": pandas, "zipfile": zipfile, "path": path}
    exec(line, names)
    frame = names["frame"]
    assert isinstance(frame, pandas.DataFrame)
    assert len(frame) == 3 * ROUNDS


def test_answers_from_elsewhere_come_in_by_the_map_that_was_drafted(canteen: Path) -> None:
    (canteen / "staff.yaml").write_bytes((canteen / "canteen.yaml").read_bytes())
    (canteen / "results.csv").write_bytes((canteen / "answers.csv").read_bytes())
    (script,) = blocks(DATASET, "sh")
    assert "dataset: " in run(canteen, script)


def test_the_example_of_a_map_is_read_without_a_mistake(tmp_path: Path) -> None:
    (text,) = blocks(DATASET, "yaml")
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    head = blocks(README, "yaml")[0].split("lists:")[0]
    found = read_map(path, read_bundle(Bundle(head + ELSEWHERE)).codebook)
    assert found.unfinished == "submitdate"
    assert set(found.rankings) == {"topics"}


def test_the_example_of_a_proceeding_is_read_without_a_mistake(tmp_path: Path) -> None:
    (text,) = blocks(DOSSIERS, "yaml")
    path = tmp_path / "staff.proceeding.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_proceeding(path).study == "vision-staff"


def test_every_page_with_an_example_is_known_to_a_test() -> None:
    """An example in YAML or Python needs a test; those in shell have test_shell_examples.py."""
    tried = {"README.md", "DATASET.md", "DOSSIERS.md", "fragebogen.md"}
    generated = {"QUESTIONNAIRES.md", "COMMANDS.md"}
    pages = [DOCS.parent / "README.md", *DOCS.rglob("*.md")]
    having = {p.name for p in pages if blocks(p.read_text("utf-8"), "yaml", "python")}
    assert having - generated == tried


def test_every_script_and_test_that_an_example_names_is_there() -> None:
    pages = [path.read_text("utf-8") for path in DOCS.rglob("*.md")]
    examples = [block for page in pages for block in blocks(page, "sh", "console")]
    named = {path for block in examples for path in re.findall(r"[\w./-]+\.py\b", block)}
    assert sorted(path for path in named if not (DOCS.parent / path).is_file()) == []
