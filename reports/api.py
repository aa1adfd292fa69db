"""The Python interface for analysts: released estimates, and nothing beside them.

    from reports import open_study

    study = open_study("vision-staff", home="instance")
    study["fields"]                                # everything about one question
    study.where(statistic="rank_set").to_frame()   # a pandas data frame

What is returned is frozen and prints itself as text and, in a notebook, as HTML. It holds rows
of the long table only: no count that the gate kept back can be reached from it, because the
release itself is let go as soon as the rows are made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, overload

from reports.estimates import COLUMNS, Estimate
from survey.errors import SurveyError

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS = 60
"""Rows that a printed table shows; ``to_frame`` has all of them."""
_HEADINGS = ("item", "domain", "statistic", "category", "value", "interval", "n", "note")


@dataclass(frozen=True, slots=True)
class Estimates:
    """Some rows of the long table, in its order.

    >>> rows = Estimates((Estimate(study="s", item="a", statistic="share", value=0.5, low=0.4,
    ...                            high=0.6, base_n=96, printed="50 %"),))
    >>> print(rows)
    item  domain  statistic  category  value  interval    n   note
    a             share                50 %   0.4 to 0.6  96
    """

    rows: tuple[Estimate, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.rows)

    @overload
    def __getitem__(self, at: int) -> Estimate: ...
    @overload
    def __getitem__(self, at: slice) -> Estimates: ...
    def __getitem__(self, at: int | slice) -> Estimate | Estimates:
        return Estimates(self.rows[at]) if isinstance(at, slice) else self.rows[at]

    def where(
        self,
        *,
        item: str | None = None,
        statistic: str | None = None,
        category: str | None = None,
        by: str | None = None,
        domain: str | None = None,
    ) -> Estimates:
        """The rows that match everything that is given; ``by=""`` means everybody together."""
        wanted = {
            "item": item,
            "statistic": statistic,
            "category": category,
            "domain_variable": by,
            "domain": domain,
        }
        asked = {name: value for name, value in wanted.items() if value is not None}
        return Estimates(
            tuple(r for r in self.rows if all(getattr(r, k) == v for k, v in asked.items()))
        )

    def to_frame(self) -> pd.DataFrame:
        """A pandas data frame with the columns of the long table, NaN where there is nothing."""
        import pandas as pd

        columns = {name: [_plain(getattr(row, name)) for row in self.rows] for name in COLUMNS}
        frame = pd.DataFrame(columns, columns=list(COLUMNS))
        numbers = ("value", "se", "low", "high", "level", "n_eff")
        frame = frame.astype(dict.fromkeys(numbers, "float64"))
        return frame.astype({"base_n": "Int64", "base_N": "Int64"})

    def __str__(self) -> str:
        lines = [_HEADINGS, *map(_cells, self.rows[:SHOWN_ROWS])]
        widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADINGS))]
        text = (
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )
        return "\n".join([*text, *self._more()])

    def _repr_html_(self) -> str:
        """The table for a notebook; every text is escaped."""
        head = "".join(f'<th scope="col">{name}</th>' for name in _HEADINGS)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(row)) + "</tr>"
            for row in self.rows[:SHOWN_ROWS]
        )
        more = "".join(f"<p>{escape(line)}</p>" for line in self._more())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def _more(self) -> list[str]:
        rest = len(self.rows) - SHOWN_ROWS
        return [f"… and {rest} more rows; to_frame() has them all"] if rest > 0 else []


@dataclass(frozen=True, slots=True)
class OpenedStudy:
    """The released estimates of one opened study.

    ``questions`` maps question ids to their titles, ``fingerprint`` is the SHA-256 of the data
    set that everything was computed from, ``rules`` are the disclosure thresholds in force.
    """

    id: str
    title: str
    regime: str
    fingerprint: str
    rules: Mapping[str, int]
    questions: Mapping[str, str]
    estimates: Estimates
    items: Mapping[str, tuple[str, ...]]
    """The items of the long table that belong to each question."""

    def __getitem__(self, question: str) -> Estimates:
        """All rows of a question; raises ``KeyError`` that names the questions there are."""
        if question not in self.items:
            raise KeyError(f"{question}: the questions are {', '.join(self.items)}")
        wanted = set(self.items[question])
        return Estimates(tuple(row for row in self.estimates if row.item in wanted))

    def where(self, **wanted: str) -> Estimates:
        """The rows that match, as :meth:`Estimates.where`."""
        return self.estimates.where(**wanted)

    def to_frame(self) -> pd.DataFrame:
        """All rows as a pandas data frame."""
        return self.estimates.to_frame()

    def __str__(self) -> str:
        lines = [
            f"{self.id}: {self.title} ({self.regime})",
            f"data set {self.fingerprint[:12]}, {len(self.estimates)} released rows",
            *(f"  {id}: {title}" for id, title in self.questions.items()),
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Title and questions for a notebook."""
        entries = "".join(
            f"<dt>{escape(id)}</dt><dd>{escape(title)}</dd>" for id, title in self.questions.items()
        )
        about = f"{self.regime}, data set {self.fingerprint[:12]}, {len(self.estimates)} rows"
        return f"<h3>{escape(self.title)}</h3><p>{escape(about)}</p><dl>{entries}</dl>"


def open_study(study: str | Path, home: str | Path | None = None) -> OpenedStudy:
    """The released estimates of a study, by its id or by the path of a data set.

    An id is looked up in ``home`` (default: the environment's ``MEINUNGSBILD_HOME``, then
    ``instance``). What is released of a file outside a home is recorded in ``ledger/`` beside it;
    where that cannot be written, nothing is read. Raises ``SurveyError`` if there is no data set,
    and what ``reports.releasing.released_results`` raises: what is read here is a release like
    any other.
    """
    from reports.releasing import file_results, released_results
    from survey.home import Home

    now = datetime.now(UTC)
    if isinstance(study, Path) or study.endswith(".zip"):
        results = file_results(Path(study), now=now)
    else:
        place = Path(home or os.environ.get("MEINUNGSBILD_HOME", "instance"))
        if not place.is_dir():
            raise SurveyError(f"there is no directory {place} to look for {study}: give its home")
        results = released_results(Home(place), study, now=now)
    release = results.release
    items = {q.id: (q.id, *(v.name for v in q.variables)) for q in release.codebook}
    return OpenedStudy(
        id=release.study.id,
        title=release.study.title,
        regime=release.study.regime.value,
        fingerprint=release.fingerprint,
        rules=MappingProxyType(dict(release.rules)),
        questions=MappingProxyType({q.id: q.title or q.text for q in release.codebook}),
        estimates=Estimates(results.rows),
        items=MappingProxyType(items),
    )


def _cells(row: Estimate) -> tuple[str, ...]:
    interval = "" if row.low is None or row.high is None else f"{row.low:.4g} to {row.high:.4g}"
    shown = row.printed or ("" if row.value is None else f"{row.value:.4g}")
    value = shown or row.status.value
    base = "" if row.base_n is None else str(row.base_n)
    return (row.item, row.domain, row.statistic, row.category, value, interval, base, row.note)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value
