"""What all sets, all pairs or all shared-out points say together: a chart and its table."""

from __future__ import annotations

from reports import typography
from reports.dossier import Block
from reports.estimates import Estimate, Results
from reports.exhibits import Column, Grid, Picture, base_line
from reports.score_figures import score_figure
from reports.score_summaries import MEAN_POINTS, WORTH, Scored, Scores, scores
from reports.wording import interval
from survey.codebook import Question

CHOSE_THEMSELVES = (
    "Ohne Bereiche um die Werte und ohne Reihenfolge: Wer teilnahm, entschied das selbst."
)
EVERYBODY_ANSWERED = "Ohne Unschärfebereich: Alle Befragten haben geantwortet."
NOT_ENOUGH = "Ohne Unschärfebereich: Die Antworten tragen keinen."
EVERY_ONE = "Gezählt sind Stimmzettel, auf denen diese Frage ganz beantwortet ist."
AS_ASKED = "In der Reihenfolge des Fragebogens. – nicht berechnet."


def score_blocks(results: Results, question: Question) -> list[Block]:
    """Chart and table of the scores of a comparing question; [] where there are none."""
    found = scores(results, question)
    if found is None:
        return []
    what = f"{found.score.name} je Angabe aus allen Antworten"
    base = base_line(found.rows[0].score)
    picture = Picture(
        id=f"scores-{question.id}",
        caption=what,
        base=f"{base}, ungewichtet",
        wording=question.text,
        notes=(found.meaning, *without_interval(found)),
        figure=score_figure(found),
    )
    return [picture, _table(found, what, base)]


def without_interval(found: Scores) -> tuple[str, ...]:
    """Why there is no interval, in a sentence; () where there is one."""
    if not found.census:
        return (CHOSE_THEMSELVES,)
    if found.bounded:
        return ()
    first = found.rows[0].score
    return (EVERYBODY_ANSWERED if first.base_n == first.base_N else NOT_ENOUGH,)


def _table(found: Scores, what: str, base: str) -> Grid:
    """Every number of the chart once more, and who gave nothing."""
    nothing = found.score is MEAN_POINTS
    heads = [found.score.name]
    heads += ["Unschärfe"] if found.bounded else []
    heads += ["mögliche Plätze"] if found.placed else []
    heads += ["gaben nichts"] if nothing else []
    rows = []
    for row in found.rows:
        cells = [row.score.printed]
        cells += [_limits(found, row)] if found.bounded else []
        cells += [_places(row)] if found.placed else []
        cells += [_printed(row.nothing)] if nothing else []
        rows.append((row.label, *cells))
    return Grid(
        id=f"score-table-{found.question.id}",
        caption=f"{what}, ungewichtet",
        base=base,
        wording=found.question.text,
        notes=(EVERY_ONE, AS_ASKED),
        columns=(Column("Angabe", number=False, width="36%"), *(Column(head) for head in heads)),
        rows=tuple(rows),
    )


def _limits(found: Scores, row: Scored) -> str:
    if found.score is WORTH:
        return interval(row.score)
    if row.score.low is None or row.score.high is None:
        return "–"
    low, high = (typography.decimal(end, 2) for end in (row.score.low, row.score.high))
    return f"{low} bis {high}"


def _places(row: Scored) -> str:
    return typography.place(row.places.low, row.places.high) if row.places else "–"


def _printed(row: Estimate | None) -> str:
    return row.printed if row is not None and row.value is not None else "–"
