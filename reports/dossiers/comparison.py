"""Staff beside public on what both were asked alike; never one number for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from reports import typography, wording
from reports.beside import ALONE, Beside
from reports.common_items import Common, common, not_compared
from reports.comparison_figures import comparison_figure
from reports.dossier import (
    Block,
    Dossier,
    Facts,
    Heading,
    Paragraph,
    Points,
    Section,
    about,
    checked,
    fitting,
    known,
    shortened,
)
from reports.dossiers import annex, chapters, imprint, process
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import WHY, Column, Grid, Picture
from reports.summaries import WEIGHTED
from survey import __version__
from survey.codebook import Scale
from survey.study import Access, Regime

KIND = "comparison"
REGIMES = frozenset({Regime.CENSUS_ATTEMPT, Regime.OPEN_PARTICIPATION})

NAMES = ("Beschäftigte, mit 95‑%‑Unschärfebereich", "öffentliche Umfrage, ohne Bereich")
HEADS = ("Beschäftigte", "öffentliche Umfrage")
APART = (
    "Beide Umfragen stehen nebeneinander und werden nie zu einer Zahl vermengt. Ein Unterschied "
    "zwischen ihnen ist beschrieben, nicht geprüft: Wer an der öffentlichen Umfrage teilnahm, "
    "entschied das selbst."
)


def comparison(results: Results, beside: Beside = ALONE, *, program: str = __version__) -> Dossier:
    """The comparison of a study with its partner; raises ``DossierError`` without a fitting one."""
    staff, public = _ordered(results, beside.partner)
    declared = beside.proceeding.items if beside.proceeding else ()
    if results is not staff:
        declared = tuple((own, other) for other, own in declared)
    found = common(staff, public, declared)
    if not found:
        raise DossierError(
            f"{staff.release.study.id} and {public.release.study.id} have no question in common "
            "with the same answers; declare pairs under compare: items: in the proceeding"
        )
    other = public.release.study
    words = (other.title, other.population, *(entry.other.text for entry in found))
    wording.check_words(words, other.regime)
    sections = (
        _front(staff, public, found),
        _who(staff, public),
        *(_chapter(entry, place) for place, entry in enumerate(found)),
        _left_out(staff, public, found),
        *process.where_it_stands(_later(staff, public), beside),
        _imprint(staff, public, program),
    )
    made = about(staff, KIND, "Vergleich zweier Umfragen", sections, program)
    title = "Beschäftigte und Öffentlichkeit nebeneinander"
    return checked(replace(made, title=title, partner=_source(public)))


def _source(results: Results) -> str:
    release = results.release
    data = release.fingerprint[:8]
    return f"{release.study.id} · Fragebogen {release.codebook.version} · Daten {data}"


def _ordered(results: Results, partner: Results | None) -> tuple[Results, Results]:
    """The census attempt and the open participation of two studies."""
    if partner is None:
        raise DossierError("a comparison needs a second study: --with OTHER, or compare: with:")
    pair = {one.release.study.regime: one for one in (results, partner)}
    try:
        return pair[Regime.CENSUS_ATTEMPT], pair[Regime.OPEN_PARTICIPATION]
    except KeyError:
        regimes = ", ".join(str(one.release.study.regime) for one in (results, partner))
        raise DossierError(
            f"a comparison sets a census attempt beside an open participation, not {regimes}"
        ) from None


def _later(staff: Results, public: Results) -> Results:
    """The study that closed last: its phases and next steps hold for both."""
    known = [one for one in (staff, public) if one.release.study.closes is not None]
    return max(known, key=lambda one: one.release.study.closes, default=staff)  # type: ignore[arg-type, return-value]


def _front(staff: Results, public: Results, found: Sequence[Common]) -> Section:
    study, steps = staff.release.study, _later(staff, public).release.study.next_steps
    n = typography.count(chapters.ballots(public))
    rate = chapters.response_rate(staff)
    asked = typography.count(chapters.ballots(staff))
    if rate is not None and rate.value is not None and rate.base_N is not None:
        asked = f"{asked} von {typography.count(rate.base_N)} Befragten ({rate.printed})"
    taken = (("Beschäftigte", asked), ("Öffentliche Umfrage", f"{n} Stimmzettel, freiwillig"))
    limits = Points((APART, *LIMITS), "Was der Vergleich nicht zeigen kann")

    def version(shown: int, widest: bool, question: str, next_steps: str) -> Section:
        findings = tuple(_titled(entry, widest=widest) for entry in found[:shown])
        told = Points(findings, "Was nebeneinander steht", numbered=True)
        after = (Points((next_steps,), "Wie es weitergeht"),) if next_steps else ()
        parts: tuple[Block, ...] = (
            *known(("Frage an den Rat", question)),
            *((told,) if shown else ()),
            Facts(taken, boxed=True),
            limits,
            *after,
        )
        return Section("auf-einen-blick", "Auf einen Blick", parts)

    # A page that would be too long first loses what other pages or dossiers say as well: next
    # steps, the question to the council, then the widest row, then findings, the last first.
    choices = product(
        range(min(len(found), 3), -1, -1),
        (True, False),
        (study.council_question, shortened(study.council_question), ""),
        (steps, shortened(steps), ""),
    )
    return fitting(version(*choice) for choice in choices)


ACCESS = {
    Access.CODES: "Zugangscode, einmal je Person",
    Access.OPEN: "offen, mehrmalige Teilnahme möglich",
}
"""How one gets in, and what that means for the count."""

LIMITS = (
    "Was alle Menschen in der Stadt denken.",
    "Ob dieselben Menschen in beiden Umfragen geantwortet haben.",
)


def _titled(entry: Common, *, widest: bool = True) -> str:
    """What is found on a common question, after its title."""
    remarks = [entry.measure] if entry.question.scale is Scale.ORDINAL else []
    remarks += [] if entry.same_words else ["verschieden gefragt"]
    after = f" ({', '.join(remarks)})" if remarks else ""
    title = f"{entry.question.title or entry.question.text}{after}"
    return f"{title}: {_finding(entry, widest=widest)}"


def _finding(entry: Common, *, widest: bool = True) -> str:
    """How many shares of a common question lie apart by the stated margin, and which most."""
    points = wording.numeral(round(wording.MARGIN * 100))
    apart = [pair for pair in entry.pairs if pair.apart >= wording.MARGIN]
    total = len(entry.pairs)
    few = "einem" if len(apart) == 1 else typography.count(len(apart))
    where = f"Bei {few} von {typography.count(total)} Vergleichen" if apart else "Bei keinem"
    where += "" if apart else " Vergleich" if total == 1 else f" von {total} Vergleichen"
    most = max(entry.pairs, key=lambda pair: pair.apart)
    example = (
        f" Am weitesten auseinander: {wording.named(most.label)} mit {most.census.printed} der "
        f"Beschäftigten und {most.open.printed} der Teilnehmenden."
        if apart and widest
        else ""
    )
    return f"{where} liegen die Anteile mindestens {points} Prozentpunkte auseinander.{example}"


def _who(staff: Results, public: Results) -> Section:
    one, two = staff.release.study, public.release.study
    weight = "gewichtet" if chapters.weighted(staff) else "nicht gewichtet"
    rows = [
        ("Umfrage", one.title, two.title),
        ("Wer gefragt war", one.population, two.population),
        ("Zugang", ACCESS[one.access], ACCESS[two.access]),
        ("Zeitraum", annex.period(staff) or "–", annex.period(public) or "–"),
        (
            "Geantwortet",
            typography.count(chapters.ballots(staff)),
            f"{typography.count(chapters.ballots(public))} Stimmzettel",
        ),
        ("Anteile", weight, "nicht gewichtet"),
        ("Unschärfebereich", "ja, unter einer Annahme", "nein: Wer teilnahm, entschied selbst"),
    ]
    table = Grid(
        id="two-studies",
        caption="Worin sich die beiden Umfragen unterscheiden",
        columns=(
            Column("", number=False, width="22%"),
            *(Column(head, number=False) for head in HEADS),
        ),
        rows=tuple(rows),
    )
    return Section("zwei-umfragen", "Zwei Umfragen, zwei Gruppen", (Paragraph(APART), table))


def _chapter(entry: Common, place: int) -> Section:
    base = _base(entry)
    other = "" if entry.same_words else f" / öffentlich: {entry.other.text}"
    notes = ["Kreis: Beschäftigte; Raute: öffentliche Umfrage, ohne Bereich."]
    if not entry.same_words:
        notes.append("Die Frage war in beiden Umfragen verschieden formuliert.")
    blocks: list[Block] = [
        Paragraph(_finding(entry), "lead"),
        Picture(
            id=f"comparison-{entry.question.id}",
            caption=f"Anteile in beiden Umfragen ({entry.measure})",
            base=base,
            wording=f"{entry.question.text}{other}",
            notes=tuple(notes),
            figure=comparison_figure(entry.pairs, NAMES),
        ),
        _table(entry),
    ]
    if entry.left_out:
        names = typography.listed([wording.named(label) for label in entry.left_out])
        text = f"Nur unter Beschäftigten oder mit anderen Worten gefragt: {names}."
        blocks.append(Paragraph(text, "note"))
    title = entry.question.title or entry.question.text
    return Section(f"vergleich-{entry.question.id}", title, tuple(blocks), new_page=False)


def _base(entry: Common) -> str:
    def spread(bases: list[int]) -> str:
        low, high = typography.count(min(bases)), typography.count(max(bases))
        return low if low == high else f"{low} bis {high}"

    one = spread([pair.census.base_n or 0 for pair in entry.pairs])
    one += f" mit Gewicht {WHY}" if _weighted(entry) else ""
    two = spread([pair.open.base_n or 0 for pair in entry.pairs])
    return f"Beschäftigte n\u00a0=\u00a0{one}, öffentliche Umfrage n\u00a0=\u00a0{two}"


def _weighted(entry: Common) -> bool:
    return any(pair.census.statistic.endswith(WEIGHTED) for pair in entry.pairs)


def _table(entry: Common) -> Grid:
    rows = tuple(
        (
            pair.label,
            pair.census.printed,
            wording.interval(pair.census),
            typography.count(pair.census.base_n or 0),
            pair.open.printed,
            typography.count(pair.open.base_n or 0),
        )
        for pair in entry.pairs
    )
    of_weight = ", von Beschäftigten die mit Gewicht" if _weighted(entry) else ""
    return Grid(
        id=f"comparison-table-{entry.question.id}",
        caption=f"{entry.question.title or 'Anteile'}: beide Umfragen",
        notes=(
            f"n: gültige Antworten{of_weight}; Unschärfe: 95‑%‑Unschärfebereich, nur für "
            "Beschäftigte.",
        ),
        columns=(
            Column("", number=False, width="34%"),
            Column(HEADS[0]),
            Column("Unschärfe"),
            Column("n"),
            Column(HEADS[1]),
            Column("n"),
        ),
        rows=rows,
    )


def _left_out(staff: Results, public: Results, found: Sequence[Common]) -> Section:
    names = [wording.named(title) for title in not_compared(staff, public, found)]
    points = ["Verglichen sind nur Fragen, deren Antworten dieselben Worte haben."]
    if names:
        which = typography.listed(names)
        points.append(f"Nicht verglichen, weil Auswahl oder Worte verschieden sind: {which}.")
    points.append("Rangfolgen werden nicht verglichen: Sie hängen davon ab, was zur Wahl stand.")
    blocks = (Points(tuple(points)),)
    return Section("nicht-verglichen", "Was nicht verglichen wird", blocks, new_page=False)


def _identity(results: Results) -> tuple[tuple[str, str], ...]:
    """What names a study and its data, term by term."""
    release = results.release
    facts = (
        ("Studie", f"{release.study.title} ({release.study.id})"),
        ("Herausgabe", release.study.commissioner),
        ("Kontakt", release.study.contact),
        ("Fragebogen", f"Version {release.codebook.version}"),
        ("Prüfsumme der Daten", imprint.grouped(release.fingerprint)),
    )
    return tuple((term, text) for term, text in facts if text)


def _imprint(staff: Results, public: Results, program: str) -> Section:
    one, other = (_identity(results) for results in (staff, public))
    both = [fact for fact in one if fact in other]
    common = (*both, ("Programm", f"Meinungsbild {program}"), ("Status", "öffentlich"))
    blocks: list[Block] = [Facts(common)]
    for head, own in zip(HEADS, (one, other), strict=True):
        facts = tuple(fact for fact in own if fact not in both)
        blocks += [Heading(head[0].upper() + head[1:]), Facts(facts)]
    return Section("impressum", "Impressum", tuple(blocks), new_page=False, together=True)
