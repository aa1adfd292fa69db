"""What a format writes: columns of codes and the codebook that explains them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from survey.codebook import Codebook

Column = np.ndarray[Any, np.dtype[np.integer[Any]]]


@dataclass(frozen=True)
class RowTable:
    """Rows that may be handed over: a column of equal length per variable of the codebook."""

    codebook: Codebook
    columns: Mapping[str, Column]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), ()))
