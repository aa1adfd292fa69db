"""Whether a data set is what its urn holds: opened once more by all key holders together.

The last holder makes the data set alone and could make another. Before the keys are destroyed,
the holders come together with the exported urn and all keys, open it again and compare. Rows
and texts are compared without their order, which is drawn anew at every opening.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyrage

from survey.dataset import ANSWERS, DAMAGE, DataSet, read_data_set
from survey.errors import SurveyError
from survey.layers import open_layer
from survey.progress import Progress, silent

_FACTS = ("urn", "instrument", "host_key", "rule", "holders", "ballots", "accepted", "rejected")


def verify(
    urn: Path,
    identities: Sequence[pyrage.x25519.Identity],
    data_set: Path,
    progress: Progress = silent,
) -> DataSet:
    """The data set at ``data_set`` if the exported urn yields the same; else ``SurveyError``."""
    claimed = read_data_set(data_set)
    with TemporaryDirectory(prefix="verify-") as folder:
        made, path, number = None, urn, 0
        while made is None:
            out = Path(folder) / str(number)
            made = open_layer(path, identities, out, progress)
            path, number = out, number + 1
        try:
            wrong = list(_differences(made, claimed))
        except DAMAGE:
            wrong = ["it cannot be read"]
    if wrong:
        raise SurveyError(f"{data_set} is not what {urn} holds: {'; '.join(wrong)}")
    return claimed


def _differences(made: DataSet, claimed: DataSet) -> list[str]:
    wrong = [
        f"the protocol names another {name}"
        for name in _FACTS
        if made.protocol.get(name) != claimed.protocol.get(name)
    ]
    if made.study != claimed.study or made.codebook.to_json() != claimed.codebook.to_json():
        wrong.append("study or codebook differ")
    if made.orders != claimed.orders:
        wrong.append("the shown orders differ")
    if not _rows(made).equals(_rows(claimed)):
        wrong.append("rows differ")
    if _texts(made) != _texts(claimed):
        wrong.append("free texts differ")
    return wrong


def _rows(data_set: DataSet) -> pd.DataFrame:
    with zipfile.ZipFile(data_set.path) as parts, parts.open(ANSWERS) as file:
        frame = pd.read_stata(file, convert_categoricals=False)
    names = sorted(frame.columns)
    return frame[names].astype("int64").sort_values(names).reset_index(drop=True)


def _texts(data_set: DataSet) -> dict[str, list[str]]:
    with zipfile.ZipFile(data_set.path) as parts:
        texts: dict[str, list[str]] = json.loads(parts.read("texts.json"))
    return {name: sorted(found) for name, found in texts.items()}
