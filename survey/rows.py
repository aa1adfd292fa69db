"""The rows of a data set as columns of small integers.

Only the gate of ``reports`` may import this module: what leaves the rows leaves them as
counts that are safe to publish.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from survey.dataset import ANSWERS, DataSet, stata_names

Column = np.ndarray[Any, np.dtype[np.integer[Any]]]


def read_columns(data_set: DataSet) -> Mapping[str, Column]:
    """One array (int8, int16 or int32, length n) per variable of the codebook, by its name."""
    import pandas as pd  # as long to load as the gate takes to count, and not always needed

    variables = data_set.codebook.variables
    with zipfile.ZipFile(data_set.path) as parts, parts.open(ANSWERS) as file:
        frame = pd.read_stata(file, convert_categoricals=False, preserve_dtypes=True)
    names = zip(variables, stata_names(variables), strict=True)
    return {variable.name: frame[name].to_numpy() for variable, name in names}
