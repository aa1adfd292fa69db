"""What a format writes: columns of codes, and the codebook and study that explain them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from reports.row_formats.columns import Column, Values, columns_of
from survey.codebook import Codebook
from survey.study import Study

Codes = np.ndarray[Any, np.dtype[np.integer[Any]]]

__all__ = ["Codes", "Column", "RowTable", "Values"]


@dataclass(frozen=True)
class RowTable:
    """Rows that may be handed over: a column of equal length per variable of the codebook.

    ``shorten`` allows a format to shorten labels and says so; without it a label that does not
    fit is refused. ``fingerprint`` names the data set that the rows come from.
    """

    codebook: Codebook
    columns: Mapping[str, Codes]
    study: Study
    fingerprint: str = ""
    shorten: bool = False

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), ()))

    @cached_property
    def written(self) -> tuple[Column, ...]:
        """The columns as statistics programs expect them, in the order of the codebook."""
        return columns_of(self.codebook, self.columns)
