"""Points shared out among the elements of a list: means, nothing given, trimmed means."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reports.estimators.design import Floats, divide

TRIMMED = 0.1
"""What a trimmed mean leaves out at each end."""


def trimmed_means(counts: ArrayLike, share: float = TRIMMED) -> Floats:
    """Means without a share of the smallest and of the largest answers, shape (elements,).

    ``counts`` (elements, values): people who gave 0, 1, 2 … points. An answer that the cut goes
    through counts with what is left of it, so that the mean does not jump. nan for an empty
    base. Source: Tukey and McLaughlin 1963; Wilcox 2012, section 2.2.

    >>> trimmed_means([[1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]]).tolist()
    [2.0]
    """
    k = np.asarray(counts, dtype=np.float64)
    n = k.sum(axis=1, keepdims=True)
    above = np.cumsum(k, axis=1)
    low, high = share * n, (1 - share) * n
    kept = np.clip(above, low, high) - np.clip(above - k, low, high)
    return divide(kept @ np.arange(k.shape[1], dtype=float), kept.sum(axis=1))
