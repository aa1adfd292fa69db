"""Chapters on scales and choices: qualities, single assessments, proposals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports import open_wording, rank_wording, summaries, typography, wording
from reports.bar_figures import choice_figure
from reports.dossier import Block, Paragraph, Points, Section
from reports.estimates import Results
from reports.exhibits import WHY, Picture, base_line, distribution_table, even_parts, pairs_table
from reports.figures import dumbbell_figure, likert_figure
from reports.stated_leads import stated_lead
from reports.summaries import Distribution
from survey.codebook import Question, Role, Scale
from survey.study import Regime

HEADS = ("wichtig", "gelingt heute")

FEW_ROWS = 3
"""Fewer single assessments than these leave room on their page for the next chapter."""

MOST_ROWS = 12
"""Rows of one chart; a longer grid goes on in the next chart."""

Pair = tuple[tuple[Distribution, ...], tuple[Distribution, ...]]


def shown(results: Results) -> set[str]:
    """Ids of the questions that the chapters of this module show."""
    pair = [q.id for q in summaries.paired_grids(results) or () if _rows(results, q)]
    alone = [row.question.id for row in single(results)]
    choices = [row.question.id for row in choice_rows(results)]
    both = (Role.ASSESSMENT, Role.PREFERENCE)
    listed = [question.id for role in both for question, _ in grids(results, role)]
    return {*pair, *alone, *choices, *listed}


def paired(results: Results) -> Pair | None:
    """Importance and today's state of the rows that both were released for, row by row.

    None without such grids, without a common row, and where a scale has no two highest steps.
    """
    pair = summaries.paired_grids(results)
    if pair is None:
        return None
    first, second = ({row.variable.element: row for row in _rows(results, q)} for q in pair)
    common = [name for name in first if name in second]
    rows = (*(first[name] for name in common), *(second[name] for name in common))
    if not common or any(row.top2 is None or row.top2.value is None for row in rows):
        return None
    return rows[: len(common)], rows[len(common) :]


def qualities(results: Results) -> tuple[Section, ...]:
    """Importance beside today's state: dumbbells and table, then all answers."""
    questions, pair = summaries.paired_grids(results), paired(results)
    if questions is None:
        return ()
    chapters = (_pair_chapter(questions, pair),) if pair is not None else ()
    heads = ("Wie wichtig die Qualitäten sind", "Wie gut sie heute gelingen")
    blocks: list[Block] = []
    for question, head in zip(questions, heads, strict=True):
        blocks += _scale_pictures(_rows(results, question), f"scale-{question.id}", head)
    if not blocks:
        return chapters
    steps = {len(row.steps) for question in questions for row in _rows(results, question)}
    title = "Qualitäten: alle Antworten"
    return (*chapters, Section("qualitaeten-verteilung", title, (scale_help(steps), *blocks)))


def _rows(results: Results, question: Question) -> tuple[Distribution, ...]:
    """The rows of a question that fit on a scale of at least two steps."""
    return tuple(r for r in summaries.distributions(results, question) if len(r.steps) > 1)


def _scale_pictures(
    rows: Sequence[Distribution], id: str, caption: str, *, wording: bool = True
) -> Iterator[Picture]:
    for start, part in even_parts(rows, MOST_ROWS):
        missing = _not_shown(part[0].question, rows) if wording and not start else ()
        yield Picture(
            id=f"{id}-{start}" if start else id,
            caption=f"{caption} (Fortsetzung)" if start else caption,
            base=base_range(part),
            wording=part[0].question.text if wording else "",
            notes=missing,
            figure=likert_figure(part),
        )


def _not_shown(question: Question, rows: Sequence[Distribution]) -> tuple[str, ...]:
    """A remark on the rows of a grid that are not in a picture."""
    there = {row.variable.element for row in rows}
    left = [
        wording.named(summaries.short(variable.label))
        for variable in question.variables
        if variable.element not in there
    ]
    reason = "zu wenige gültige Antworten"
    return (f"Nicht gezeigt ({reason}): {typography.listed(left)}.",) if left else ()


def scale_help(steps: set[int]) -> Paragraph:
    """How to read diverging scales of some numbers of steps."""
    middle = " Eine mittlere Stufe steht für sich." if any(n % 2 for n in steps) else ""
    return Paragraph(
        "Links der Linie steht die untere Hälfte der Stufen, rechts die obere, mit ihrer Summe, "
        f"wo sie aus höchstens zwei Stufen besteht.{middle} Anteile auf der Skala beziehen sich "
        "auf gültige Antworten, „weiß nicht“ und „ohne Antwort“ ungewichtet auf alle, die die "
        "Frage gesehen haben.",
        "note",
    )


def _pair_chapter(questions: tuple[Question, Question], pair: Pair) -> Section:
    first, second = pair
    names = (_two_highest(first[0]), _two_highest(second[0]))
    return Section(
        "qualitaeten",
        "Qualitäten: Wichtigkeit und heutiger Stand",
        (
            Paragraph(wording.gaps(first, second).text, "lead"),
            Picture(
                id="importance-today",
                caption="Anteile der beiden höchsten Stufen auf beiden Fragen",
                base=base_range((*first, *second)),
                wording=" / ".join(question.text for question in questions),
                notes=_not_shown(questions[0], first),
                figure=dumbbell_figure(first, second, names),
            ),
            pairs_table(first, second, HEADS),
        ),
    )


def _two_highest(row: Distribution) -> str:
    labels = [code.label.replace("\u00ad", "") for code, _ in row.steps[-2:]]
    end = labels[1].split()[-1]
    return f"{labels[0].removesuffix(end).strip()} oder {labels[1]}"


def base_range(rows: Sequence[Distribution]) -> str:
    """How many valid answers the rows hold, from the fewest to the most, and how many weighted."""
    people = rows[0].base.base_N
    of = f" von {typography.count(people)} Befragten" if people else ""
    each = " je Zeile" if len(rows) > 1 else ""
    line = f"{_range([row.base.base_n for row in rows])} gültige Antworten{each}{of}"
    if asked := [row.asked for row in rows if row.asked is not None]:
        line += f"; gesehen haben die Frage {_range(asked)}"
    weighted = [row.weighted_base for row in rows]
    known = [row.base_n for row in weighted if row is not None]
    if not known or known == [row.base.base_n for row in rows]:
        return line
    return f"{line}, davon gewichtet {_range(known)} {WHY}"


def _range(bases: Sequence[int | None]) -> str:
    known = [n or 0 for n in bases]
    low, high = typography.count(min(known)), typography.count(max(known))
    return f"n\u00a0=\u00a0{low if low == high else f'{low} bis {high}'}"


def assessments(results: Results) -> tuple[Section, ...]:
    """Single assessments, one picture for each length of scale; then grids by themselves."""
    rows = single(results)
    sections = []
    if rows:
        lengths = dict.fromkeys(len(row.steps) for row in rows)
        blocks: list[Block] = [scale_help(set(lengths))]
        tables: list[Block] = []
        for place, steps in enumerate(lengths):
            part = [row for row in rows if len(row.steps) == steps]
            end = f"-{steps}" if place else ""
            caption = "Einschätzungen auf Skalen mit eigenen Worten"
            blocks += _scale_pictures(part, f"assessments{end}", caption, wording=False)
            title = "Alle Stufen in Prozent"
            tables.append(distribution_table(part, f"assessments-table{end}", title))
        sentences = tuple(wording.judgement(row, asked=_asked(row)).text for row in rows)
        blocks += [Points(sentences), *tables]
        title = "Einschätzungen der Beschäftigten" if is_census(results) else "Einschätzungen"
        sections.append(Section("einschaetzungen", title, tuple(blocks)))
    alone = () if choice_rows(results) else grids(results, Role.PREFERENCE)
    for question, own in (*grids(results, Role.ASSESSMENT), *alone):
        beside = bool(rows) and len(rows) < FEW_ROWS and len(sections) == 1
        sections.append(replace(_grid_chapter(results, question, own), new_page=not beside))
    return tuple(sections)


def rated_sentences(
    results: Results, question: Question, rows: Sequence[Distribution], *, brief: bool = False
) -> str:
    """How proposals that were judged one by one stand, where nothing is inferred; else empty."""
    if is_census(results):
        return ""
    stated = stated_lead(results, question.id)
    lead = open_wording.rated_lead(rows, stated) if question.role is Role.PREFERENCE else None
    ends = open_wording.both_ends(rows, brief=brief)
    if brief and lead is not None and len(rows) > 2:
        return lead.text
    return " ".join(sentence.text for sentence in (lead, ends) if sentence is not None)


def _grid_chapter(results: Results, question: Question, rows: Sequence[Distribution]) -> Section:
    lead = rated_sentences(results, question, rows)
    pictures = _scale_pictures(rows, f"scale-{question.id}", "Alle Antworten")
    table = distribution_table(rows, f"table-{question.id}", "Alle Stufen in Prozent")
    first = (Paragraph(lead, "lead"),) if lead else ()
    blocks: tuple[Block, ...] = (*first, scale_help({len(rows[0].steps)}), *pictures, table)
    return Section(f"einschaetzung-{question.id}", question.title or "Einschätzungen", blocks)


def single(results: Results) -> tuple[Distribution, ...]:
    """The assessments that consist of one scale each."""
    return tuple(
        row
        for question in results.release.codebook.with_role(Role.ASSESSMENT)
        if question.scale is Scale.ORDINAL and len(question.variables) == 1
        for row in _rows(results, question)
    )


def assessed_sentences(results: Results, *, brief: bool) -> list[str]:
    """How single assessments stand; many on one scale as a range where nothing is inferred."""
    scales: dict[tuple[str, ...], list[Distribution]] = {}
    for row in single(results):
        scales.setdefault(tuple(code.label for code, _ in row.steps), []).append(row)
    found: list[str] = []
    for rows in scales.values():
        ends = None
        if len(rows) > FEW_ROWS and not is_census(results):
            ends = open_wording.both_ends(rows, of="Frage", brief=brief)
        if ends is not None:
            found.append(f"Einschätzungen: {ends.text}")
        else:
            found += [wording.judgement(row).text for row in rows]
    return found


def grids(results: Results, role: Role) -> list[tuple[Question, tuple[Distribution, ...]]]:
    """Grids of scales that are no pair: assessments, or how each proposal is liked."""
    pair = summaries.paired_grids(results) or ()
    return [
        (question, rows)
        for question in results.release.codebook.with_role(role)
        if question.scale is Scale.ORDINAL
        and (len(question.variables) > 1 or role is Role.PREFERENCE)
        and question not in pair
        and (rows := _rows(results, question))
    ]


def choice_rows(results: Results) -> tuple[Distribution, ...]:
    """The choices of one among several proposals."""
    return tuple(
        choice
        for question in results.release.codebook.with_role(Role.PREFERENCE)
        if question.scale is Scale.NOMINAL
        for choice in summaries.distributions(results, question)
    )


def choices(results: Results) -> tuple[Section, ...]:
    """Choices among proposals, with those who want none of them in the same chart."""
    liked: list[Block] = []
    for question, rows in grids(results, Role.PREFERENCE):
        caption = f"{question.title or 'Vorschläge'}: jeder Vorschlag für sich"
        if sentences := rated_sentences(results, question, rows):
            liked.append(Paragraph(f"{question.title or 'Vorschläge'}: {sentences}"))
        liked += _scale_pictures(rows, f"scale-{question.id}", caption)
    return tuple(
        _choice_chapter(results, choice, () if place else liked)
        for place, choice in enumerate(choice_rows(results))
    )


def judged_apart(results: Results, choice: Distribution, *, most: bool = True) -> str:
    """How a choice that is ahead is judged by itself, and which other one finds more agreement.

    Many may choose what still more reject. Empty without a lead, and where proposals were not
    judged one by one; ``most`` is False where another sentence names what finds most agreement.
    """
    ranked = summaries.chosen(results, choice.question)
    orders = rank_wording.lead(ranked).orders if ranked is not None else ()
    for _, rows in grids(results, Role.PREFERENCE) if orders else ():
        first = [row for row in rows if row.variable.element == orders[0][0]]
        ends = open_wording.both_ends(first) if first else None
        if ends is not None:
            label = f"{wording.named(first[0].label)}: "
            more = rank_wording.liked_more(first[0], rows, census=is_census(results))
            told = f"Einzeln bewertet: {ends.text.removeprefix(label)}"
            return f"{told} {more.text}" if most and more is not None else told
    return ""


def _choice_chapter(results: Results, choice: Distribution, liked: Sequence[Block]) -> Section:
    question = choice.question
    blocks: list[Block] = []
    lead = choice_sentences(results, choice)
    if lead:
        blocks.append(Paragraph(lead, "lead"))
    both = ", gewichtet wie ungewichtet" if choice.weighted else ""
    census = is_census(results)
    ranked = summaries.chosen(results, question)
    point = results.find(question.id, "tipping_point")
    silent = rank_wording.tipping(ranked, point) if ranked is not None else None
    rule = CARRIED.format(both=both) if census else open_wording.RULE
    blocks += [
        Picture(
            id=f"choice-{question.id}",
            caption="Alle Antworten in der Reihenfolge des Fragebogens",
            base=base_line(choice.base, choice.weighted_base),
            wording=question.text,
            notes=("Balken: Anteil; Linie: 95‑%‑Unschärfebereich.",) if census else (),
            figure=choice_figure(choice),
        ),
        Paragraph(
            "Diese Frage ist eine Einschätzung und keine Abstimmung. "
            f"{silent.text if silent is not None else rule}"
        ),
        *liked,
    ]
    return Section(f"wahl-{question.id}", question.title or "Vorschläge", tuple(blocks))


def choice_sentences(results: Results, choice: Distribution) -> str:
    """Whether an answer is ahead, as far as the regime carries it, and who wants none."""
    ranked = summaries.chosen(results, choice.question)
    lead = rank_wording.lead(ranked) if ranked is not None else None
    against = wording.shares_of(choice, NO_CHOICE)
    return " ".join(sentence.text for sentence in (lead, against) if sentence is not None)


CARRIED = (
    "Ein Vorschlag liegt nur dann vorn, wenn die möglichen Plätze aller Antworten das gemeinsam "
    "tragen{both}."
)


def is_census(results: Results) -> bool:
    """Whether a study carries inference at all."""
    return results.release.study.regime is Regime.CENSUS_ATTEMPT


NO_CHOICE = ("none", "no_motto", "unneeded", "unnecessary", "none_of_these", "not_needed")
"""Code names of options that choose nothing."""


def _asked(row: Distribution) -> str:
    """The wording of a question beside its title; "" where it has none and the wording stands."""
    return row.question.text if row.question.title else ""
