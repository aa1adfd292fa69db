"""Rows are taken as they lie in the file, and exactly as pandas reads them; else pandas does."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.dataset import ANSWERS
from survey.questionnaire import read_questionnaire
from survey.rows import packed_columns, read_columns
from survey.simulate import simulate_data_set

FRAME = pd.DataFrame(
    {
        "a": np.array([-4, 0, 100], np.int8),
        "b": np.array([-1001, 5, 32_740], np.int16),
        "_a_long_name_of_thirty_two_signs": np.array([-1, 40_000, 2_147_483_620], np.int32),
        "c": np.array([-127, 1, 2], np.int8),
    }
)


def stata(frame: pd.DataFrame, version: int = 118, **options: object) -> bytes:
    buffer = io.BytesIO()
    labels = {"data_label": "Ämter " * 10, "variable_labels": dict.fromkeys(frame.columns, "Größe")}
    frame.to_stata(buffer, write_index=False, version=version, **(labels | options))  # type: ignore[arg-type]
    return buffer.getvalue()


def as_pandas(content: bytes) -> pd.DataFrame:
    return pd.read_stata(io.BytesIO(content), convert_categoricals=False)


def same(found: object, frame: pd.DataFrame) -> bool:
    assert isinstance(found, dict)
    assert list(found) == list(frame.columns)
    return all(
        found[name].dtype == frame[name].dtype
        and found[name].tolist() == list(frame[name].to_numpy())
        and found[name].flags.writeable
        for name in found
    )


def test_whole_numbers_of_every_width_are_read_as_pandas_reads_them() -> None:
    content = stata(FRAME, value_labels={"a": {-4: "nicht gezeigt", 100: "alle"}})
    assert same(packed_columns(content), as_pandas(content))
    content = stata(FRAME[:0])
    assert same(packed_columns(content), as_pandas(content))


def test_rows_of_a_data_set_are_read_as_pandas_reads_them(tmp_path: Path, root: Path) -> None:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml")
    data_set = simulate_data_set(questionnaire, 200, 3, tmp_path / "staff.zip")
    content = zipfile.ZipFile(data_set.path).read(ANSWERS)
    assert same(packed_columns(content), as_pandas(content))
    assert [len(column) for column in read_columns(data_set).values()] == [200] * len(
        data_set.codebook.variables
    )


@pytest.mark.parametrize(
    "content",
    [
        stata(FRAME.astype({"a": float})),
        stata(FRAME.assign(d=["x", "y", "z"])),
        stata(FRAME, 117, data_label="", variable_labels={}),
        stata(FRAME, 119),
        stata(FRAME, byteorder=">"),
        stata(FRAME)[:-400],
        stata(FRAME).replace(b"<data>", b"<data>\0"),
        b"",
    ],
    ids=["a fraction", "a text", "version 117", "119", "bytes from high", "cut", "moved", "empty"],
)
def test_any_other_file_is_left_to_pandas(content: bytes) -> None:
    assert packed_columns(content) is None


@pytest.mark.parametrize("column", ["a", "b", "_a_long_name_of_thirty_two_signs"])
def test_a_missing_value_of_stata_is_left_to_pandas(column: str) -> None:
    content = stata(FRAME)
    most = FRAME[column].to_numpy()[2:]
    head, mark, rows = content.partition(b"<data>")
    more = head + mark + rows.replace(most.tobytes(), (most + 1).tobytes(), 1)
    assert more != content
    assert as_pandas(more)[column].isna().any()
    assert packed_columns(more) is None
