"""The data set: one file that holds what an opening produced, for good.

A ZIP file without compression whose bytes depend on nothing but its content: ``answers.dta``
(Stata 118), ``codebook.json``, ``study.json``, ``opening.json``, ``texts.json`` and
``orders.json``. Its fingerprint is the SHA-256 of the file. docs/DATASET.md describes it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from survey.codebook import Codebook, Variable
from survey.errors import SurveyError
from survey.files import copy_file, make_private_directory, write_new
from survey.home import Home
from survey.study import Study

if TYPE_CHECKING:
    import numpy as np

ANSWERS = "answers.dta"
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError),
)
"""What reading a damaged data set may raise."""
_LONGEST_NAME, _LONGEST_LABEL = 32, 80
_STAMP = datetime(1980, 1, 1)
_NUMBER = re.compile(r"^(\d{3,})-[0-9a-f]{12}\.zip$")


@dataclass(frozen=True, slots=True)
class DataSet:
    """A handle on a data set: everything but its rows and its texts.

    ``fingerprint`` is the SHA-256 (hex) of the file, ``protocol`` the record of the opening,
    ``orders`` the shown orders by item, parted from the rows.
    """

    path: Path
    fingerprint: str
    study: Study
    codebook: Codebook
    protocol: Mapping[str, Any]
    orders: Mapping[str, Any]


def write_data_set(
    path: Path,
    *,
    study: Study,
    codebook: Codebook,
    columns: Mapping[str, Sequence[int]],
    texts: Mapping[str, Sequence[str]],
    orders: Mapping[str, Any],
    protocol: Mapping[str, Any],
) -> DataSet:
    """The data set written to a new file; rows and texts keep the order they come in.

    ``columns`` holds a sequence of equal length for every variable of the codebook. Raises
    ``SurveyError`` if the file exists, ``ValueError`` if the columns do not fit the codebook.
    """
    names = [variable.name for variable in codebook.variables]
    if not names:
        raise SurveyError(
            f"{study.id} asks for free texts only: a data set needs at least one question with "
            "codes or numbers"
        )
    if set(names) != set(columns) or len({len(column) for column in columns.values()}) > 1:
        raise ValueError("the columns are not those of the codebook or differ in length")
    parts = {
        ANSWERS: _stata(codebook, columns),
        "codebook.json": codebook.to_json().encode(),
        "study.json": study.to_json().encode(),
        "opening.json": _json(protocol),
        "texts.json": _json({name: list(found) for name, found in texts.items()}),
        "orders.json": _json(orders),
    }
    write_new(path, lambda file: _zip(file, parts))
    return read_data_set(path)


def read_data_set(path: Path) -> DataSet:
    """The handle of a data set; raises ``SurveyError`` if the file is not one."""
    try:
        with path.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        with zipfile.ZipFile(path) as parts:
            parts.getinfo(ANSWERS)
            study = Study.from_json(parts.read("study.json").decode())
            codebook = Codebook.from_json(parts.read("codebook.json").decode())
            protocol = json.loads(parts.read("opening.json"))
            orders = json.loads(parts.read("orders.json"))
            _check_protocol(protocol, orders)
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except DAMAGE:
        raise SurveyError(f"{path} is not a data set of this program") from None
    return DataSet(path, fingerprint, study, codebook, protocol, orders)


def _check_protocol(protocol: object, orders: object) -> None:
    """Raise ``TypeError`` unless both are of the kind that an opening writes."""
    if not isinstance(protocol, dict) or not isinstance(orders, dict):
        raise TypeError("an object is missing")
    rejected = protocol.get("rejected", {})
    if not isinstance(rejected, dict):
        raise TypeError("the rejected ballots have no reasons")
    numbers = [protocol.get("ballots", 0), protocol.get("accepted", 0), *rejected.values()]
    if not all(isinstance(number, int) for number in numbers):
        raise TypeError("a number of ballots is no number")


def store_data_set(home: Home, path: Path) -> DataSet:
    """The data set at ``path``, copied to its place in the home under the next number.

    A data set with the same fingerprint is stored once. Nothing is ever replaced.
    """
    data_set = read_data_set(path)
    directory = home.datasets / data_set.study.id
    make_private_directory(directory)
    stored = _numbered(directory)
    for known in stored.values():
        if read_data_set(known).fingerprint == data_set.fingerprint:
            return read_data_set(known)
    number = max(stored, default=0) + 1
    target = directory / f"{number:03d}-{data_set.fingerprint[:12]}.zip"
    copy_file(path, target)
    return read_data_set(target)


def sweep(home: Home, study_id: str) -> None:
    """Remove files that a killed process left half-written beside a study's data sets."""
    for stale in (home.datasets / study_id).glob(".*"):
        stale.unlink()


def current_data_set(home: Home, study_id: str) -> DataSet:
    """The newest data set of a study; raises ``SurveyError`` if there is none."""
    stored = _numbered(home.datasets / study_id)
    if not stored:
        raise SurveyError(f"study {study_id} has no data set yet: its urn has not been opened")
    return read_data_set(stored[max(stored)])


def stored_data_sets(home: Home, study_id: str) -> tuple[DataSet, ...]:
    """All data sets of a study, oldest first."""
    stored = _numbered(home.datasets / study_id)
    return tuple(read_data_set(stored[number]) for number in sorted(stored))


def row_count(data_set: DataSet) -> int:
    """Number of rows; 0 for an instrument that asks for free texts only."""
    # pandas is loaded only where rows are touched: it takes longer than the rest of a command.
    import pandas as pd

    names = stata_names(data_set.codebook.variables[:1])
    with zipfile.ZipFile(data_set.path) as parts, parts.open(ANSWERS) as file:
        frame = pd.read_stata(file, columns=names, convert_categoricals=False)
    return len(frame) if names else 0


def _numbered(directory: Path) -> dict[int, Path]:
    if not directory.is_dir():
        return {}
    found = ((_NUMBER.match(path.name), path) for path in directory.iterdir())
    return {int(match[1]): path for match, path in found if match}


def _zip(file: IO[bytes], parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            archive.writestr(entry, content)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _stata(codebook: Codebook, columns: Mapping[str, Sequence[int]]) -> bytes:
    import pandas as pd

    variables = codebook.variables
    names = dict(zip((v.name for v in variables), stata_names(variables), strict=True))
    frame = pd.DataFrame({names[v.name]: _packed(columns[v.name]) for v in variables})
    buffer = io.BytesIO()
    frame.to_stata(
        buffer,
        write_index=False,
        version=118,
        time_stamp=_STAMP,
        data_label=codebook.study[:_LONGEST_LABEL],
        variable_labels={names[v.name]: v.label[:_LONGEST_LABEL] for v in variables},
        value_labels={
            names[v.name]: {code.value: code.label for code in v.codes}
            for v in variables
            if v.codes
        },
    )
    return buffer.getvalue()


def stata_names(variables: Sequence[Variable]) -> list[str]:
    """Column names that Stata allows: the variables' own, shortened only where too long."""
    return [_stata_name(variable.name) for variable in variables]


def _stata_name(name: str) -> str:
    if re.fullmatch(rf"[A-Za-z_][A-Za-z0-9_]{{0,{_LONGEST_NAME - 1}}}", name):
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return re.sub(r"[^A-Za-z0-9_]", "_", name)[: _LONGEST_NAME - 7] + "_" + mark


def _packed(values: Sequence[int]) -> np.ndarray[Any, np.dtype[np.signedinteger[Any]]]:
    import numpy as np

    # Stata keeps the highest values of every width for missing answers of its own.
    wide = np.asarray(values, dtype=np.int32)
    low, high = wide.min(initial=0), wide.max(initial=0)
    if low >= -127 and high <= 100:
        return wide.astype(np.int8)
    return wide.astype(np.int16) if low >= -32_767 and high <= 32_740 else wide
