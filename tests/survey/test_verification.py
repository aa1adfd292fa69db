"""A data set is held against its urn, and an opening is recorded with a signature."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import verapdf
from urn_example import HOLDERS, NOW, desk_with_holders, fill, identities

from survey import codes, opening, studies
from survey.dataset import DataSet, write_data_set
from survey.errors import SurveyError
from survey.home import Home
from survey.opening_record import is_genuine, record_opening
from survey.protocol_pdf import protocol_pdf
from survey.records import read_records
from survey.rows import read_columns
from survey.verification import verify


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def opened(home: Home, tmp_path: Path) -> DataSet:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 12)
    codes.issue_paper(home, "staff", 3)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "u0")
    first, second = (identities(tmp_path / "holders", name, both=False) for name in HOLDERS)
    opening.open_layer(tmp_path / "u0", first, tmp_path / "u1")
    made = opening.open_layer(tmp_path / "u1", second, tmp_path / "u2")
    assert made is not None
    return made


def everybody(folder: Path) -> list[Any]:
    return [key for name in HOLDERS for key in identities(folder / "holders", name, both=False)]


def test_all_holders_together_find_the_honest_data_set_again(
    opened: DataSet, tmp_path: Path
) -> None:
    assert verify(tmp_path / "u0", everybody(tmp_path), opened.path) == opened
    with pytest.raises(SurveyError, match="does not open the outermost layer"):
        verify(tmp_path / "u0", everybody(tmp_path)[:1], opened.path)


@pytest.mark.parametrize("what", ["row", "text", "order", "count"])
def test_a_data_set_that_the_last_holder_forged_is_found_out(
    opened: DataSet, tmp_path: Path, what: str
) -> None:
    columns = {name: list(column) for name, column in read_columns(opened).items()}
    texts = {"wish": [f"Wunsch {n:05d}" for n in range(12)]}
    texts["worry"] = [f"Sorge {n:05d}" for n in range(12)]
    orders, protocol = dict(opened.orders), dict(opened.protocol)
    if what == "row":
        columns["mood"][0] = 0 if columns["mood"][0] else 1
    elif what == "text":
        texts["wish"][3] = "Wunsch 99999"
    elif what == "order":
        orders = {}
    else:
        protocol["rejected"] = {"signature": 1}
    forged = write_data_set(
        tmp_path / "forged.zip",
        study=opened.study,
        codebook=opened.codebook,
        columns=columns,
        texts=texts,
        orders=orders,
        protocol=protocol,
    )
    with pytest.raises(SurveyError, match=r"is not what .* holds"):
        verify(tmp_path / "u0", everybody(tmp_path), forged.path)


def test_the_record_of_an_opening_is_signed_and_a_change_is_found(
    home: Home, opened: DataSet
) -> None:
    kept = opening.import_data_set(home, "staff", opened.path)
    record = record_opening(home, kept, NOW)
    assert record_opening(home, kept, NOW).path == record.path
    assert record.content["codes_issued"] == {"": 12, "paper": 3}
    key = studies.load_study(home, "staff").host_key
    assert is_genuine(record.content, key)
    assert not is_genuine({**record.content, "rows": 13}, key)
    assert not is_genuine({**record.content, "signature": "00"}, key)


def test_the_protocol_on_paper_names_counts_and_check_sums(
    root: Path, home: Home, opened: DataSet, tmp_path: Path
) -> None:
    kept = opening.import_data_set(home, "staff", opened.path)
    record_opening(home, kept, NOW)
    stored = studies.load_study(home, "staff")
    out = tmp_path / "protocol.pdf"
    out.write_bytes(protocol_pdf(stored, read_records(home, "staff")))
    command = ["pdftotext", "-layout", str(out), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for words in (
        "Probeöffnung, 4. Mai 2026",
        "Öffnung der Urne",
        "Gezählte Papierbögen",
        "gültig",
    ):
        assert words in text
    assert re.search(r"Unterschrift des Servers +gültig", text)
    assert kept.fingerprint in "".join(text.split())
    verdict = verapdf.judged(verapdf.compiled(root, tmp_path), out, "PDFUA-1")
    assert verdict.compliant, verdict.rules
