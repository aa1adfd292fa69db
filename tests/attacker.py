"""A reader who subtracts: everything that linear algebra finds in released tables.

Independent of the gate: it reads domains and bases only, as they are printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from reports.tables import Domain, Release

Cell = tuple[str, ...]
Known = list[tuple[frozenset[Cell], int]]


class Attacker:
    """Knows the codes of all attributes, every released base, and which cells are empty."""

    def __init__(self, release: Release, codes: Mapping[str, Sequence[str]], empty: set[Cell]):
        self.release = release
        self.names = tuple(codes)
        self.cells = [cell for cell in product(*codes.values()) if cell not in empty]

    def members(self, by: str, domain: Domain) -> frozenset[Cell]:
        """The finest cells that a printed domain covers."""
        if by == "":
            return frozenset(self.cells)
        wanted = [
            dict(self._read(domain.variable, code)) for code in domain.members or (domain.code,)
        ]
        return frozenset(
            cell
            for cell in self.cells
            if any(
                all(cell[self.names.index(name)] == value for name, value in part.items())
                for part in wanted
            )
        )

    def _read(self, variable: str, code: str) -> Iterable[tuple[str, str]]:
        return zip(variable.split("*"), code.split("*"), strict=False)

    def known(self, name: str) -> Known:
        """All released bases of one item."""
        return [
            (self.members(by, domain), int(base))
            for (variable, by), table in self.release.tables.items()
            if variable == name
            for domain, base in zip(table.domains, table.base, strict=True)
        ]

    def known_ballots(self) -> Known:
        """All released numbers of ballots; the rows of every table add up to some."""
        found = [
            (self.members(by, domain), n)
            for by, domains in self.release.ballots.items()
            for domain, n in domains
        ]
        for (_, by), table in self.release.tables.items():
            for domain, row in zip(table.domains, table.counts, strict=True):
                found.append((self.members(by, domain), int(row.sum())))
        return found

    def derived(self, known: Known) -> dict[frozenset[Cell], int]:
        """Every group of cells whose count follows from what is known, with the count."""
        if not known:
            return {}
        rows = np.array([[cell in group for cell in self.cells] for group, _ in known], dtype=float)
        counts = np.array([n for _, n in known], dtype=float)
        solution, *_ = np.linalg.lstsq(rows, counts, rcond=None)
        assert np.allclose(rows @ solution, counts), "the released numbers contradict each other"
        groups = _subsets(len(self.cells))
        _, values, directions = np.linalg.svd(rows)
        rank = int((values > 1e-9).sum())
        free = directions[rank:]
        certain = np.abs(groups @ free.T).max(axis=1, initial=0.0) < 1e-7
        return {
            frozenset(
                cell for cell, inside in zip(self.cells, group, strict=True) if inside
            ): round(float(group @ solution))
            for group in groups[certain]
        }

    def isolated(self, items: Iterable[str]) -> list[tuple[str, frozenset[Cell], int]]:
        """Groups of 1 to 9 people that follow from the release."""
        sources = [("ballots", self.known_ballots()), *((name, self.known(name)) for name in items)]
        return [
            (name, group, n)
            for name, known in sources
            for group, n in self.derived(known).items()
            if 0 < n < 10
        ]


def _subsets(size: int) -> NDArray[np.float64]:
    numbers = np.arange(1, 2**size)[:, None]
    return ((numbers >> np.arange(size)) & 1).astype(float)
