"""Two cities that differ only in what is hidden must look the same from outside, byte by byte.

A few ballots change from one hidden unit to its neighbour in the same merged group. Nothing that
is released may depend on that: no table, chart coordinate, alternative text, file format, record,
message or log line. Only checksums of the data differ; they are taken out before the comparison.
"""

from __future__ import annotations

import io
import json
import logging
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from reports import open_study, releasing
from reports.beside import ALONE
from reports.cli import reports
from reports.disclosure import release
from reports.dossiers import DOSSIERS
from reports.estimates import Results
from reports.releasing import released_results
from reports.rendering import as_page
from reports.tables import WEIGHTING
from survey.dataset import DataSet, read_data_set, store_data_set, write_data_set
from survey.home import Home
from survey.questionnaire import read_questionnaire
from survey.rows import read_columns
from survey.simulate import simulate_data_set

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
STUDY = "vision-staff"
MOVED = 2
"""Ballots that change from one hidden unit to another."""


@dataclass(frozen=True)
class World:
    """A home whose data set has its own hidden counts, and the text of everything that left it."""

    home: Home
    data_set: DataSet
    hidden: tuple[int, ...]
    results: Results
    log: str

    def plain(self, text: str) -> str:
        """A text without the checksum of the data, in full, short or in groups of eight."""
        digest = self.data_set.fingerprint
        groups = [digest[at : at + 8] for at in range(0, len(digest), 8)]
        for known in (digest, " ".join(groups), digest[:12], *groups):
            text = text.replace(known, "-")
        return text.replace(str(self.home.path), "HOME")


def rewritten(path: Path, made: DataSet, columns: dict[str, list[int]]) -> DataSet:
    return write_data_set(
        path, study=made.study, codebook=made.codebook, columns=columns, texts={},
        orders={}, protocol={"ballots": len(next(iter(columns.values())))},
    )  # fmt: skip


@pytest.fixture(scope="module")
def worlds(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    folder = tmp_path_factory.mktemp("worlds")
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml")
    drawn = simulate_data_set(questionnaire, 1200, 3, folder / "drawn.zip")
    columns = {name: column.tolist() for name, column in read_columns(drawn).items()}
    by = drawn.study.frame.variables[0] if drawn.study.frame else ""
    released = release(drawn)
    (one, other, *_) = next(d.members for d, _ in released.ballots[by] if len(d.members) > 1)
    value = {c.name: c.value for c in drawn.codebook.question(by).variables[0].answers}
    name = drawn.codebook.question(by).variables[0].name
    moved = dict(columns)
    places = [p for p, v in enumerate(columns[name]) if v == value[one]][:MOVED]
    assert len(places) == MOVED
    moved[name] = [value[other] if p in places else v for p, v in enumerate(columns[name])]
    made = []
    for label, data in (("first", columns), ("second", moved)):
        home = Home(folder / label)
        store_data_set(home, rewritten(folder / f"{label}.zip", drawn, data).path)
        counts = [data[name].count(value[code]) for code in (one, other)]
        stream = io.StringIO()
        handler, top = logging.StreamHandler(stream), logging.getLogger()
        before = top.level
        top.addHandler(handler)
        top.setLevel(logging.DEBUG)
        try:
            results = released_results(home, STUDY, now=NOW)
        finally:
            top.removeHandler(handler)
            top.setLevel(before)
        data_set = read_data_set(folder / f"{label}.zip")
        made.append(World(home, data_set, tuple(counts), results, stream.getvalue()))
    return made[0], made[1]


@pytest.fixture
def known(worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> tuple[World, World]:
    """The worlds, their estimates not made anew for every command."""
    by_home = {world.home: world.results for world in worlds}
    monkeypatch.setattr(releasing, "released_results", lambda home, _study, now: by_home[home])
    return worlds


def output(world: World, *arguments: str) -> str:
    done = CliRunner().invoke(reports, ["--home", str(world.home.path), *arguments])
    return world.plain(done.output + (str(done.exception) if done.exception else ""))


def test_the_worlds_differ_only_in_what_is_hidden(worlds: tuple[World, World]) -> None:
    first, second = worlds
    assert first.hidden != second.hidden
    assert first.data_set.fingerprint != second.data_set.fingerprint
    assert sum(first.hidden) == sum(second.hidden)
    one, other = (world.results.release for world in worlds)
    assert one.ballots == other.ballots
    for key, table in one.tables.items():
        assert np.array_equal(table.counts, other.tables[key].counts), key
    assert WEIGHTING in one.ballots


@pytest.mark.parametrize(
    "arguments",
    [
        ("estimates", STUDY),
        ("estimates", STUDY, "--format", "json"),
        ("ledger", STUDY, "--attack"),
        ("estimates", STUDY, "--format", "nonsense"),
        ("estimates", "nowhere"),
        ("dossier", "nonsense", STUDY),
    ],
)
def test_commands_print_the_same(known: tuple[World, World], arguments: tuple[str, ...]) -> None:
    assert output(known[0], *arguments) == output(known[1], *arguments)


def test_spreadsheets_are_the_same(known: tuple[World, World], tmp_path: Path) -> None:
    parts = []
    for number, world in enumerate(known):
        out = tmp_path / f"{number}.xlsx"
        output(world, "estimates", STUDY, "--format", "xlsx", "--out", str(out))
        with zipfile.ZipFile(out) as book:
            parts.append({n: world.plain(book.read(n).decode()) for n in book.namelist()})
    assert len(parts[0]) > 5
    assert parts[0] == parts[1]


def test_pages_charts_and_alternative_texts_are_the_same(worlds: tuple[World, World]) -> None:
    """The page of HTML with its pictures: all that a PDF and a preview are made of."""
    made = []
    for world in worlds:
        compose = DOSSIERS["council"].compose
        assert compose is not None
        (document,) = compose(world.results, ALONE)
        page = as_page(document)
        pictures = {name: svg.decode() for name, svg in page.pictures.items()}
        made.append((world.plain(page.html), world.plain(page.style), pictures))
    assert made[0][0].count("<img") + made[0][0].count("alt=") > 4
    assert len(made[0][2]) > 2
    assert made[0] == made[1]


@pytest.mark.full
def test_a_process_writes_the_same_lines_whatever_is_hidden(worlds: tuple[World, World]) -> None:
    """A command in a process of its own, every logger at its most talkative, from rows to table."""
    talkative = (
        "import logging, runpy; logging.basicConfig(level=logging.DEBUG, format='%(message)s');"
        "runpy.run_module('reports.cli', run_name='__main__')"
    )
    lines = []
    for world in worlds:
        command = [sys.executable, "-c", talkative, "--home", str(world.home.path)]
        done = subprocess.run(
            [*command, "estimates", STUDY], capture_output=True, text=True, check=True
        )
        lines.append((world.plain(done.stdout), world.plain(done.stderr)))
    assert STUDY in lines[0][0]
    assert lines[0] == lines[1]


@pytest.mark.full
def test_files_of_the_dossier_are_the_same_inside(known: tuple[World, World]) -> None:
    """Texts, metadata and attachments of the PDF, and every file that is written beside it."""
    seen = []
    for world in known:
        output(world, "dossier", "council", STUDY)
        files: dict[str, object] = {}
        for path in sorted((world.home.dossiers / STUDY).glob("[!.]*")):
            name = world.plain(path.name)
            files[name] = insides(world, path) if path.suffix == ".pdf" else [
                world.plain(path.read_bytes().decode("utf-8-sig"))
            ]  # fmt: skip
        seen.append(files)
    assert len(seen[0]) > 2
    assert seen[0] == seen[1]


def insides(world: World, path: Path) -> list[str]:
    reader = PdfReader(path)
    found = [world.plain(" ".join(page.extract_text().split())) for page in reader.pages]
    found += [f"{k}: {v}" for k, v in (reader.metadata or {}).items()]
    with pikepdf.open(path) as pdf:
        metadata = bytes(pdf.Root.Metadata.read_bytes()).decode()
        found.append(world.plain(re.sub(r"uuid:[0-9a-f-]+", "", metadata)))
        for name, attached in pdf.attachments.items():
            found.append(world.plain(name))
            found.append(world.plain(attached.get_file().read_bytes().decode()))
    return found


def test_ledgers_differ_in_nothing_but_checksums(known: tuple[World, World]) -> None:
    lines = []
    for world in known:
        text = output(world, "ledger", STUDY, "--format", "jsonl")
        entries = [json.loads(line) for line in text.splitlines() if line]
        for entry in entries:
            for name in ("hash", "previous", "content", "time"):
                entry.pop(name)
        lines.append(entries)
    assert lines[0]
    assert lines[0] == lines[1]


def test_analysts_and_logs_see_the_same(known: tuple[World, World]) -> None:
    frames = [open_study(STUDY, home=world.home.path) for world in known]
    assert frames[0].to_frame().equals(frames[1].to_frame())
    texts = [
        world.plain(f"{f}{f._repr_html_()}{f.estimates}")
        for world, f in zip(known, frames, strict=True)
    ]
    assert texts[0] == texts[1]
    assert known[0].plain(known[0].log) == known[1].plain(known[1].log)


def test_a_refusal_says_the_same(worlds: tuple[World, World], tmp_path: Path) -> None:
    messages = []
    for number, world in enumerate(worlds):
        columns = {n: c.tolist() for n, c in read_columns(world.data_set).items()}
        later = {name: [*column, column[0]] for name, column in columns.items()}
        home = Home(tmp_path / str(number))
        shutil.copytree(world.home.path, home.path)
        store_data_set(home, rewritten(tmp_path / f"{number}.zip", world.data_set, later).path)
        messages.append(output(replace(world, home=home), "estimates", STUDY))
    assert "abgelehnt" in messages[0]
    assert messages[0] == messages[1]
