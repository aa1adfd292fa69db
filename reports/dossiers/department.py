"""The report for one department: two to four pages, or one page that says why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product

from reports import summaries, typography, unit_rates, wording
from reports.beside_figures import beside_figure
from reports.domains import NO_ANSWER
from reports.dossier import (
    Block,
    Dossier,
    Facts,
    Paragraph,
    Points,
    Section,
    about,
    checked,
    fitting,
    known,
)
from reports.dossiers import annex, chapters
from reports.dossiers.scales import MOST_ROWS, base_range, scale_help
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import DASH, Column, Grid, Picture, even_parts
from reports.figures import likert_figure
from reports.summaries import IMPORTANCE, TODAY
from reports.tables import Status
from reports.unit_rates import Unit
from reports.unit_summaries import Beside, beside, distributions_of, measure
from reports.wording import interval, named
from survey import __version__
from survey.codebook import Question, Role, Scale
from survey.study import Regime

KIND = "department"
REGIMES = frozenset({Regime.CENSUS_ATTEMPT})

STRONGEST = 3
"""Differences that are named on the first page."""

READING = Points(
    (
        "Anteil: wer das Feld unter die ersten setzt oder eine der beiden höchsten Stufen "
        "wählt, unter den gültigen Antworten. Anteile sind ungewichtet, Unterschiede zum Rest "
        "gewichtet, wo das möglich war.",
        "Unschärfe: der 95‑%‑Unschärfebereich. Er gilt nur unter der Annahme, dass die "
        "anderen im Durchschnitt denken wie jene, die geantwortet haben.",
        "Anteile aus weniger als 100 Antworten stehen ohne Nachkommastelle.",
    ),
    "Lesehilfe",
)

PLACE = "Platz\u00a0"
PLACES = (
    "Mögliche Plätze: unter allen gezeigten Gruppen nach diesem Anteil, ungewichtet; der erste "
    "hieße: der höchste Anteil. Wo sie weit auseinanderliegen, ist keine Reihenfolge zu erkennen."
)

EVENED = (
    "Anteile sind ungewichtet, Unterschiede gewichtet, wo das möglich war: Deshalb ist ein "
    "Unterschied nicht immer das, was sich aus den Anteilen abziehen lässt."
)

FACETS = {IMPORTANCE: "wichtig", TODAY: "heute"}


def departments(results: Results) -> dict[str, Callable[[], Dossier]]:
    """What composes the report of each department, by its code; merged groups count as one."""
    by = chapters.attribute(results, Role.DEPARTMENT)
    if not by:
        return {}
    return {
        unit.domain.code: partial(department, results, unit.domain.code)
        for unit in unit_rates.units(results, by)
        if unit.domain.code != NO_ANSWER
    }


def department(results: Results, code: str, *, program: str = __version__) -> Dossier:
    """The report of one department; raises ``DossierError`` for an unknown one."""
    by = chapters.attribute(results, Role.DEPARTMENT)
    units = unit_rates.units(results, by) if by else ()
    unit = next((unit for unit in units if unit.domain.code == code), None)
    if unit is None or code == NO_ANSWER:
        known = ", ".join(unit.domain.code for unit in units if unit.domain.code != NO_ANSWER)
        raise DossierError(f"no department {code}; known are {known or 'none'}")
    study = results.release.study
    sections = _sections(results, by, unit, units)
    made = about(results, KIND, f"Bericht an die Dienststelle – {study.title}", sections, program)
    return checked(replace(made, title=unit.domain.label.replace("\u00ad", ""), part=code))


def _sections(
    results: Results, by: str, unit: Unit, units: tuple[Unit, ...]
) -> tuple[Section, ...]:
    least = results.release.rules.get("min_chapter", 20)
    if unit.answered is None or unit.answered < least:
        return (_notice(results, unit, units, least),)
    rows = {q.id: beside(results, by, unit.domain.code, q) for q in _questions(results)}
    shown = [row for found in rows.values() for row in found]
    if not shown:
        return (_notice(results, unit, units, least),)
    return (
        _front(results, unit, shown),
        _beside_section(results, by, unit, rows),
        _table(results, unit, rows),
    )


def _questions(results: Results) -> tuple[Question, ...]:
    """The questions of which a department sees its own figures."""
    wanted = (Role.RANKING, Role.ASSESSMENT, Role.PREFERENCE)
    scales = (Scale.RANK, Scale.ORDINAL)
    return tuple(q for q in results.release.codebook if q.role in wanted and q.scale in scales)


def _notice(results: Results, unit: Unit, units: tuple[Unit, ...], least: int) -> Section:
    """One page for a department without figures of its own; never how many it had."""
    study = results.release.study
    merged = next((u.domain for u in units if unit.domain.code in u.domain.members), None)
    minimum = results.release.rules.get("min_base", 10)
    contact = study.contact or "wer diese Umfrage verantwortet"
    texts = [
        f"Eigene Zahlen zeigt dieser Bericht nicht. Einen eigenen Bericht gibt es ab {least} "
        f"Antworten, einzelne Zahlen ab {minimum} Antworten; auch aus Differenzen zu anderen "
        "Zahlen dürfen kleinere Gruppen nicht errechenbar sein.",
        "Das sagt nichts darüber, wie viele geantwortet haben oder was sie geantwortet haben.",
    ]
    if merged is not None and unit.status is Status.MERGED:
        texts.append(
            f"Die Antworten sind enthalten in {named(merged.label)} und in allen Zahlen der ganzen "
            "Verwaltung. Keine Antwort ist verloren."
        )
    else:
        texts.append(
            "Die Antworten sind in allen Zahlen der ganzen Verwaltung enthalten. Keine Antwort ist "
            "verloren."
        )
    after: tuple[Block, ...] = (
        Points(tuple(texts), "Warum hier keine Zahlen stehen"),
        Points(
            (
                "Den Bericht an den Rat mit den Ergebnissen der ganzen Verwaltung können alle "
                "lesen.",
                f"Fragen beantwortet: {contact.removesuffix('.')}.",
            ),
            "Wo Ergebnisse stehen",
        ),
        *_whole(results),
    )

    def version(names: str) -> Section:
        facts = known(
            ("Dienststelle", unit.domain.label),
            ("Zusammengefasst", names),
            ("Zeitraum", annex.period(results)),
        )
        return Section("hinweis", "Hinweis statt eines Berichts", (*facts, *after))

    return fitting(version(names) for names in _member_names(results, unit))


def _whole(results: Results) -> tuple[Block, ...]:
    """How many took part in the whole organisation."""
    n, rate = chapters.ballots(results), chapters.response_rate(results)
    study = results.release.study
    return (Paragraph(f"Ganze Verwaltung: {wording.participation(study, n, rate).text}"),)


def _front(results: Results, unit: Unit, shown: list[Beside]) -> Section:
    own = []
    answered, asked = typography.count(unit.answered or 0), unit.domain.headcount
    of = f" von {typography.count(asked)} Befragten" if asked is not None else ""
    own.append(("Geantwortet", f"{answered}{of}"))
    if unit.rate is not None:
        (rated,) = chapters.floors((unit,))
        own.append(("Beteiligung", rated.rate.printed if rated.rate is not None else "–"))
    rate = chapters.response_rate(results)
    if rate is not None and rate.value is not None:
        own.append(("Ganze Verwaltung", f"Beteiligung {rate.printed}"))
    box = Facts(tuple((term, text) for term, text in own if text), boxed=True)
    limits = Points(
        (
            "Wie jene denken, die nicht geantwortet haben.",
            "Ob die Dienststelle „besser“ oder „schlechter“ ist: Gefragt sind Einschätzungen, "
            "und Unterschiede zwischen Dienststellen sind oft Zufall.",
            "Woher ein Unterschied kommt: Eine Umfrage zeigt keine Ursachen.",
        ),
        "Was dieser Bericht nicht zeigen kann",
    )

    def version(members: str, most: int) -> Section:
        parts = (box, *_together(members), *_deviations(shown, most), limits)
        return Section("auf-einen-blick", "Auf einen Blick", parts)

    choices = product(_member_names(results, unit), range(STRONGEST, -1, -1))
    return fitting(version(*choice) for choice in choices)


MEMBERS_ELSEWHERE = "mehrere Dienststellen; der Bericht an den Rat nennt ihre Namen"


def _member_names(results: Results, unit: Unit) -> tuple[str, ...]:
    """What stands together in a merged group, in full and, where that is too long, in short."""
    if not unit.domain.members:
        return ("",)
    return typography.listed(unit_rates.members(results, unit.domain)), MEMBERS_ELSEWHERE


def _together(members: str) -> list[Block]:
    text = f"Zum Schutz kleiner Gruppen zusammengefasst: {members}."
    return [Paragraph(text)] if members else []


def _deviations(shown: list[Beside], most: int = STRONGEST) -> list[Block]:
    """The strongest differences that hold with all comparisons of the study taken together."""
    title = "Was diese Dienststelle vom Rest der Verwaltung unterscheidet"
    tested = [row for row in shown if row.rest is not None and row.rest.p is not None
              and row.rest.p.value is not None]  # fmt: skip
    if not tested:
        none = "Ob sich die Dienststelle vom Rest unterscheidet, lässt sich nicht beurteilen."
        return [Points((none,), title)]
    carried = [row for row in tested if row.rest is not None and row.rest.carried]
    if not carried:
        text = (
            "Bei keiner der verglichenen Fragen ist ein klarer Unterschied zum Rest der Verwaltung "
            "zu erkennen. Das heißt nicht, dass es keinen gibt."
        )
        return [Points((text,), title)]
    carried.sort(key=lambda row: -abs(row.rest.difference.value or 0.0) if row.rest else 0.0)
    items = tuple(_deviation(row) for row in carried[:most])
    if not items:
        return [Points(("Klare Unterschiede sind in der Tabelle am Ende mit ● markiert.",), title)]
    blocks: list[Block] = [Points(items, title, numbered=len(items) > 1)]
    if len(carried) > most:
        more = "Weitere klare Unterschiede sind in der Tabelle am Ende mit ● markiert."
        blocks.append(Paragraph(more))
    return blocks


def _deviation(row: Beside) -> str:
    assert row.rest is not None
    weighted = row.rest.weighted
    own, even = (", ungewichtet", ", gewichtet") if weighted else ("", "")
    return (
        f"{named(_full_label(row))}: hier {row.own.printed} ({row.measure}{own}); Unterschied zum "
        f"Rest der Verwaltung {row.rest.difference.printed}{even}."
    )


def _full_label(row: Beside) -> str:
    """The label of a row with its facet, where the same row is asked twice."""
    facet = next((w for end, w in FACETS.items() if row.question.id.endswith(end)), "")
    return f"{row.label} ({facet})" if facet else row.label


def _beside_section(
    results: Results, by: str, unit: Unit, rows: dict[str, tuple[Beside, ...]]
) -> Section:
    """Own values, the city's and the range of the others; then all answers; how to read them."""
    pictures, singles = list[Block](), list[Beside]()
    for question in _questions(results):
        found = rows[question.id]
        if question.scale is Scale.ORDINAL and (
            len(question.variables) == 1 or question.role is Role.PREFERENCE
        ):
            singles += found
        elif found:
            pictures.append(_picture(question.title or question.text, question.text, found))
    for start, part in even_parts(singles, MOST_ROWS):
        title = "Weitere Einschätzungen" if pictures else "Einschätzungen"
        pictures.append(_picture(title, "", part, start))
    blocks = (*pictures, *_scales(results, by, unit), READING)
    return Section("vergleich", "Eigene Werte, Stadt und Spannweite", blocks, new_page=False)


def _picture(title: str, text: str, rows: tuple[Beside, ...], start: int = 0) -> Picture:
    question = rows[0].question
    return Picture(
        id=f"beside-{question.id}{f'-{start}' if start else ''}",
        caption=f"{title} ({measure(question)})",
        wording=text,
        base="Ungewichtet. n: gültige Antworten dieser Dienststelle",
        figure=beside_figure(rows, measure(question)),
    )


def _scales(results: Results, by: str, unit: Unit) -> list[Block]:
    """All steps of the own answers on lists: today's state where importance is asked beside it."""
    blocks: list[Block] = []
    code, steps = unit.domain.code, set[int]()
    pair = summaries.paired_grids(results) or ()
    for question in _questions(results):
        left_out = question.role is Role.PREFERENCE or (pair and question is pair[0])
        if question.scale is not Scale.ORDINAL or left_out or len(question.variables) == 1:
            continue
        found = [row for row in distributions_of(results, by, code, question) if len(row.steps) > 1]
        if found:
            steps.add(len(found[0].steps))
        for start, rows in even_parts(found, MOST_ROWS):
            blocks.append(
                Picture(
                    id=f"own-{question.id}{f'-{start}' if start else ''}",
                    caption=f"{question.title or 'Einschätzungen'}: alle Antworten",
                    wording=question.text,
                    base=base_range(rows),
                    figure=likert_figure(rows),
                )
            )
    return [*blocks, scale_help(steps)] if blocks else []


def _table(results: Results, unit: Unit, rows: dict[str, tuple[Beside, ...]]) -> Section:
    lines, dash = [], False
    every = [row for found in rows.values() for row in found]
    placed = any(row.place is not None for row in every)
    evened = any(row.rest is not None and row.rest.weighted for row in every)
    for found in rows.values():
        for row in found:
            difference = "–"
            if row.rest is not None:
                mark = "\u00a0●" if row.rest.carried else ""
                difference = f"{row.rest.difference.printed}{mark}"
            place = row.place.printed.removeprefix(PLACE) if row.place is not None else "–"
            dash = dash or difference == "–" or (placed and place == "–")
            lines.append((
                _full_label(row), row.own.printed, interval(row.own), row.whole.printed,
                difference, *((place,) if placed else ()), typography.count(row.own.base_n or 0),
            ))  # fmt: skip
    grid = Grid(
        id="own-table",
        caption="Eigene Werte, alle Befragten, Unterschied zum Rest der Verwaltung",
        notes=(
            "● Unterschied hält, auch wenn alle Vergleiche des Berichts an den Rat gemeinsam "
            "geprüft werden (Verfahren von Holm). n: gültige Antworten.",
            *((EVENED,) if evened else ()),
            *((PLACES,) if placed else ()),
            *((DASH,) if dash else ()),
        ),
        columns=(
            Column("", number=False, width="33%" if placed else "36%"), Column("eigener Anteil"),
            Column("Unschärfe"), Column("alle"), Column("Unterschied zum Rest"),
            *((Column("mögliche Plätze"),) if placed else ()), Column("n"),
        ),
        rows=tuple(lines),
    )  # fmt: skip
    return Section("tabelle", "Alle Werte", (grid,))
