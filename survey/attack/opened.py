"""What the files of an opening show: whose row, whose text, whose ballot it is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from survey import ballot
from survey.dataset import ANSWERS, DataSet
from survey.errors import BallotError
from survey.unsealing import Identities


def people_of_rows(data_set: DataSet) -> list[int]:
    """Who the rows of a data set belong to: everybody has answered with a number."""
    with zipfile.ZipFile(data_set.path) as parts, parts.open(ANSWERS) as file:
        frame = pd.read_stata(file, convert_categoricals=False)
    return [int(number) for number in frame["person"]]


def people_of_texts(data_set: DataSet) -> dict[str, list[int]]:
    """Who the texts of each question belong to, in the order in which they stand."""
    with zipfile.ZipFile(data_set.path) as parts:
        raw = json.loads(parts.read("texts.json"))
    return {name: [int(text.split()[-1]) for text in found] for name, found in raw.items()}


def age_files(path: Path) -> list[bytes]:
    """The ballots of an exported urn in the order in which they stand."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".age")]
        return [archive.read(name) for name in names]


def framed(content: bytes) -> bytes:
    """An age file with its length in front, as the urn stores it."""
    return len(content).to_bytes(4, "big") + content


def hidden_length(content: bytes) -> int:
    """Bytes below the header of an age file: they give away the length of what lies inside."""
    end = content.index(b"\n--- ")
    return len(content) - content.index(b"\n", end + 1) - 1


def person_in(content: bytes, identities: Identities) -> int:
    """Whose ballot it is, for whoever has the last key."""
    line = ballot.open_layer(content, identities).splitlines()[0]
    return int(json.loads(line)["answers"]["person"])


def opened_alone(contents: Sequence[bytes], identities: Identities) -> int:
    """How many sealed ballots open with these keys alone."""
    opened = 0
    for content in contents:
        try:
            ballot.open_layer(content, identities)
        except BallotError:
            continue
        opened += 1
    return opened
