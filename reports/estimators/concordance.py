"""Do respondents rank alike? Kendall's W and Friedman's test, from sums of midranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W between 0 (no agreement) and 1, with Friedman's statistic; nan if undefined."""

    w: float
    chi_square: float
    df: int
    p: float


def concordance(n: float, twice: ArrayLike, products: ArrayLike) -> Concordance:
    """Agreement of n rankings of m elements, corrected for ties.

    ``twice`` (m,) sums of doubled midranks, ``products`` (m, m) sums of their products (only the
    diagonal is used). chi-square = n (m - 1) W has m - 1 degrees of freedom if everybody ranks by
    chance. nan for fewer than two ballots or elements, and if all ballots tie everything.
    Source: Friedman 1937; Kendall and Babington Smith 1939; Conover 1999, section 5.8 for ties.

    >>> c = concordance(3, [6, 12, 18], np.diag([12, 48, 108]))
    >>> c.w, c.chi_square, c.df
    (1.0, 6.0, 2)
    """
    sums = np.asarray(twice, dtype=np.float64) / 2
    squares = float(np.trace(np.asarray(products, dtype=np.float64))) / 4
    m = sums.size
    middle = (m + 1) / 2
    spread = squares - n * m * middle**2
    if n < 2 or m < 2 or spread <= 1e-9:
        return Concordance(np.nan, np.nan, max(m - 1, 0), np.nan)
    chi = (m - 1) * float(((sums - n * middle) ** 2).sum()) / spread
    return Concordance(chi / (n * (m - 1)), chi, m - 1, float(scipy.stats.chi2.sf(chi, m - 1)))
