from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas
import pytest
from urn_example import questionnaire

from survey import dataset
from survey.codebook import Code, Codebook, Question, Scale, Variable
from survey.dataset import DataSet
from survey.errors import SurveyError
from survey.home import Home
from survey.rows import read_columns

QUESTIONNAIRE = questionnaire("staff")
COLUMNS = {
    "topics_wege": [1, 2, -1, 0],
    "topics_zeit": [2, 1, -1, 0],
    "topics_raum": [0, 0, -1, 1],
    "topics_team": [0, 0, -1, 2],
    "mood": [1, -2, 3, -1],
}
TEXTS = {"wish": ["Zürich, „ja“", "😀\nzwei Zeilen"], "worry": []}


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = _write(tmp_path / "a.zip"), _write(tmp_path / "b.zip")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.fingerprint == second.fingerprint


def test_the_fingerprint_is_the_sha256_of_the_file(tmp_path: Path) -> None:
    written = _write(tmp_path / "a.zip")
    assert written.fingerprint == hashlib.sha256(written.path.read_bytes()).hexdigest()
    assert dataset.read_data_set(written.path) == written


def test_pandas_reads_the_answers_in_one_line(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.zip").path
    # fmt: off
    with zipfile.ZipFile(path) as parts, parts.open("answers.dta") as file:
        frame = pandas.read_stata(file, convert_categoricals=False)
    # fmt: on
    assert {name: list(frame[name]) for name in frame} == COLUMNS
    assert set(frame.dtypes) == {np.dtype("int8")}


def test_pandas_shows_the_labels_of_the_codes(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.zip").path
    with zipfile.ZipFile(path) as parts, parts.open("answers.dta") as file:
        frame = pandas.read_stata(file)
    assert list(frame["mood"][:3]) == ["Gut", "Weiß nicht", "Schlecht"]


def test_rows_come_back_under_the_names_of_the_variables(tmp_path: Path) -> None:
    columns = read_columns(_write(tmp_path / "a.zip"))
    assert {name: column.tolist() for name, column in columns.items()} == COLUMNS
    assert list(columns) == [variable.name for variable in QUESTIONNAIRE.codebook.variables]


def test_values_up_to_32000_and_long_names_survive(tmp_path: Path) -> None:
    names = ["a" * 32 + "_b" * 16, "a" * 32 + "_c" * 16, "_short"]
    codes = tuple(Code(value, str(value), f"nr {value}") for value in (0, 100, 101, 32_000))
    variables = tuple(Variable(name, "x" * 200, Scale.NOMINAL, codes) for name in names)
    question = Question("q", "?", Scale.NOMINAL, None, variables)
    book = Codebook("staff", "0" * 64, "1", "de", (question,))
    columns = {names[0]: [0, 100], names[1]: [101, -4], names[2]: [32_000, -1]}
    written = _write(tmp_path / "a.zip", codebook=book, columns=columns)
    read = read_columns(written)
    assert {name: column.tolist() for name, column in read.items()} == columns
    assert [column.dtype for column in read.values()] == [np.int8, np.int16, np.int16]


def test_a_data_set_without_rows_can_be_read(tmp_path: Path) -> None:
    written = _write(tmp_path / "a.zip", columns={name: [] for name in COLUMNS})
    assert dataset.row_count(written) == 0
    assert all(len(column) == 0 for column in read_columns(written).values())


@pytest.mark.parametrize(
    "columns", [{"mood": [1]}, {**COLUMNS, "more": [1, 1, 1, 1]}, {**COLUMNS, "mood": [1]}]
)
def test_columns_that_do_not_fit_the_codebook_are_a_defect(
    tmp_path: Path, columns: Mapping[str, Sequence[int]]
) -> None:
    with pytest.raises(ValueError, match="columns"):
        _write(tmp_path / "a.zip", columns=columns)
    assert not list(tmp_path.iterdir())


def test_a_data_set_is_never_replaced(tmp_path: Path) -> None:
    before = _write(tmp_path / "a.zip").path.read_bytes()
    with pytest.raises(SurveyError, match="exists already"):
        _write(tmp_path / "a.zip", columns={name: [] for name in COLUMNS})
    assert (tmp_path / "a.zip").read_bytes() == before


def test_the_handle_holds_no_rows_and_no_texts(tmp_path: Path) -> None:
    written = _write(tmp_path / "a.zip")
    assert set(DataSet.__slots__) == {
        "path",
        "fingerprint",
        "study",
        "codebook",
        "protocol",
        "orders",
    }
    assert "Zürich" not in repr(written)
    assert written.study == QUESTIONNAIRE.study
    assert written.codebook == QUESTIONNAIRE.codebook


def test_stored_data_sets_are_numbered_and_the_highest_is_current(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    with pytest.raises(SurveyError, match="no data set yet"):
        dataset.current_data_set(home, "staff")
    first = dataset.store_data_set(home, _write(tmp_path / "a.zip").path)
    assert dataset.store_data_set(home, tmp_path / "a.zip") == first
    other = _write(tmp_path / "b.zip", columns={name: [] for name in COLUMNS})
    second = dataset.store_data_set(home, other.path)
    assert first.path == home.datasets / "staff" / f"001-{first.fingerprint[:12]}.zip"
    assert second.path == home.datasets / "staff" / f"002-{second.fingerprint[:12]}.zip"
    assert dataset.current_data_set(home, "staff") == second
    assert dataset.stored_data_sets(home, "staff") == (first, second)
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"PK", b"text"])
def test_what_is_no_data_set_is_told_plainly(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    with pytest.raises(SurveyError, match="cannot be read"):
        dataset.read_data_set(path)
    path.write_bytes(content)
    with pytest.raises(SurveyError, match="not a data set"):
        dataset.read_data_set(path)


def _write(
    path: Path,
    *,
    codebook: Codebook = QUESTIONNAIRE.codebook,
    columns: Mapping[str, Sequence[int]] = COLUMNS,
) -> DataSet:
    return dataset.write_data_set(
        path,
        study=QUESTIONNAIRE.study,
        codebook=codebook,
        columns=columns,
        texts=TEXTS,
        orders={"topics": {"shown": [4]}},
        protocol={"ballots": 4},
    )
