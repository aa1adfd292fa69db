"""Everything that stands beside a study in a home: its proceeding, and a second study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from reports import typography
from reports.beside import Beside, unanswered, waiting
from reports.constants import Constant, snippets
from reports.errors import DossierError
from reports.estimates import Results
from reports.proceeding import SUFFIX, Proceeding, check_answers, read_proceeding
from reports.published import Numbers, Published, joint_tracer, published
from reports.releasing import released_results
from reports.row_numbers import row_numbers
from reports.tracing import Tracer
from survey.dataset import DataSet
from survey.files import SHIPPED
from survey.home import Home

PROCEEDINGS = "proceedings"
"""Folder of a home that holds the proceedings of its studies."""


def beside_of(
    home: Home,
    data_set: DataSet,
    now: datetime,
    partner: str | None = None,
    file: Path | None = None,
) -> Beside:
    """What a dossier of a data set reads beside the results.

    ``file`` is the proceeding, by default that of the home or, for a demo, the shipped example.
    Raises ``DossierError`` for mistakes in it, and where the study to compare with has no data.
    """
    study = data_set.study
    proceeding = _proceeding(home, data_set, file)
    if proceeding is not None:
        check_answers(proceeding, data_set.codebook)
    other = partner or (proceeding.partner if proceeding else "")
    if other == study.id:
        raise DossierError(f"{study.id} cannot be compared with itself")
    known = (home.datasets / other).is_dir() if other else False
    if partner and not known:
        raise DossierError(f"there is no data set of {partner} to compare {study.id} with")
    results = released_results(home, other, now=now) if known else None
    return Beside(proceeding, results)


def _proceeding(home: Home, data_set: DataSet, file: Path | None) -> Proceeding | None:
    study = data_set.study
    own = file or home.path / PROCEEDINGS / f"{study.id}{SUFFIX}"
    if own.exists():
        found = read_proceeding(own)
        if found.study != study.id:
            raise DossierError(f"{own} is about {found.study}, not about {study.id}")
        return found
    shipped = sorted(SHIPPED.glob(f"*{SUFFIX}")) if study.demo or study.simulation else ()
    examples = (read_proceeding(path) for path in shipped)
    return next((example for example in examples if example.study == study.id), None)


def published_with(results: Results, beside: Beside) -> Published:
    """What is written beside the PDFs of a study, the words of its proceeding among it."""
    files = published(results)
    return replace(files, constants=(*files.constants, *_constants(beside)))


def tracer_of(files: Published, beside: Beside, numbers: Numbers = row_numbers) -> Tracer:
    """Finds the address of every number in the table of a study and in that of its partner."""
    other = () if beside.partner is None else (published(beside.partner),)
    return joint_tracer((files, *other), numbers)


def _constants(beside: Beside) -> Iterator[Constant]:
    known = beside.proceeding
    if known is None:
        return
    days = [day for day, _ in known.decided_before] + [a.by for a in known.answers if a.by]
    for day in dict.fromkeys(days):
        yield Constant("date", typography.date_de(date.fromisoformat(day)))
    said = [text for a in known.answers for text in (a.said, a.reason, a.office)]
    before = [text for _, text in known.decided_before]
    for text in (known.council_paper, known.decides_now, *before, *said):
        yield from (Constant("wording", part) for part in snippets(text))


def warnings_of(results: Results, beside: Beside) -> Iterator[str]:
    """What is still owed: hints without an answer, and answers to themes that are not released."""
    for hint in unanswered(results, beside):
        yield f"no answer yet to {hint.to}: {hint.name}"
    for answer in waiting(results, beside):
        yield (
            f"the answer to {answer.to} is not printed: no theme of this name is released"
            f" ({answer.place})"
        )
