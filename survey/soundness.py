"""Whether a data set can be what it says: whole, and with values that its codebook knows.

Ballots are destroyed once their data set is stored, so that a damaged one would be the last.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from survey.codebook import Codebook, Missing, Question, Scale, Variable
from survey.dataset import ANSWERS, DAMAGE, DataSet, stata_names
from survey.errors import SurveyError
from survey.items.written import text_mistakes

PARTS = (ANSWERS, "codebook.json", "study.json", "opening.json", "texts.json", "orders.json")
_ANYWHERE = frozenset({int(Missing.SKIPPED), int(Missing.NOT_SHOWN)})


def check_content(data_set: DataSet, lengths: Mapping[str, int], path: Path) -> None:
    """Nothing if a data set is whole and fits its codebook; else ``SurveyError``.

    ``lengths`` holds the greatest length of every free text, ``path`` is the file to speak of.
    """
    try:
        with zipfile.ZipFile(data_set.path) as parts:
            faults = [*_part_faults(parts)]
            if not faults:
                with parts.open(ANSWERS) as file:
                    frame = pd.read_stata(file, convert_categoricals=False)
                faults += _value_faults(data_set.codebook, frame)
                faults += _text_faults(json.loads(parts.read("texts.json")), lengths, len(frame))
    except DAMAGE as error:
        faults = [f"it cannot be read ({type(error).__name__})"]
    if faults:
        raise SurveyError(
            f"{path} is damaged: {'; '.join(faults)}. Nothing was imported and nothing destroyed"
        )


def _part_faults(parts: zipfile.ZipFile) -> Iterator[str]:
    if sorted(parts.namelist()) != sorted(PARTS):
        yield "its parts are not those of a data set"
    elif damaged := parts.testzip():
        yield f"{damaged} is not what was written"


def _value_faults(codebook: Codebook, frame: pd.DataFrame) -> Iterator[str]:
    variables = [
        (question, variable)
        for question in codebook
        for variable in question.variables
        if variable.scale is not Scale.TEXT
    ]
    names = stata_names([variable for _, variable in variables])
    if list(frame.columns) != names:
        yield "its columns are not those of the codebook"
        return
    for (question, variable), name in zip(variables, names, strict=True):
        column = frame[name].to_numpy()
        # Stata's own missing values come as fractions.
        if not np.issubdtype(column.dtype, np.integer):
            yield f"{variable.name} holds what is no whole number"
        elif wrong := _unknown_values(question, variable, set(np.unique(column).tolist())):
            yield f"{variable.name} holds values that the codebook does not know: {wrong[:5]}"


def _unknown_values(question: Question, variable: Variable, found: set[int]) -> list[int]:
    """The values that a variable cannot have, in ascending order."""
    allowed = {code.value for code in variable.codes} | _ANYWHERE
    if variable.scale is Scale.NUMBER:
        return sorted(value for value in found - allowed if value < 0)
    if variable.scale is Scale.RANK:
        allowed |= set(range((question.depth or len(question.variables)) + 1))
    if variable.scale is Scale.CHECK:
        allowed |= {0, 1}
    return sorted(found - allowed)


def _text_faults(
    texts: Mapping[str, list[str]], lengths: Mapping[str, int], rows: int
) -> list[str]:
    faults = [f"{id} is no question with texts" for id in texts if id not in lengths]
    for id in texts.keys() & lengths.keys():
        found = texts[id]
        sound = isinstance(found, list) and all(isinstance(text, str) for text in found)
        if not sound or any(text_mistakes(text, lengths[id]) for text in found):
            faults.append(f"{id} holds texts that could not be sent")
        elif len(found) > rows:
            faults.append(f"{id} holds more texts than there are rows")
    return sorted(faults)
