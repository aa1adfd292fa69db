"""The dossier of a reading study: each passage beside what its readers replied."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from reports import typography, wording
from reports.beside import ALONE, Beside
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
    shortened,
)
from reports.dossiers import annex, comments, imprint, process
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Column, Grid, Picture
from reports.reading_figures import heat_figure
from reports.readings import COUNTED, PERCENT_NEEDS, Passage, Text, disputed, texts
from survey import __version__
from survey.study import Regime

KIND = "intensive"
REGIMES = frozenset({Regime.SELF_SELECTED_READING})

SILENT_TOO = "Gezählt sind auch Rückmeldungen ohne Antwort zu einem Abschnitt."
ROUNDED = "Genau gleiche Werte teilen sich einen Platz; gedruckt sind die Werte gerundet."
N_COUNTS = "n: Stellungnahmen zum Abschnitt, höchstens eine je Rückmeldung zum Text."
FIRST = 3
"""Disputed passages that the first page names."""


def intensive(results: Results, beside: Beside = ALONE, *, program: str = __version__) -> Dossier:
    """The dossier of a reading study; raises ``DossierError`` for other regimes."""
    release = results.release
    study = release.study
    if study.regime not in REGIMES:
        raise DossierError(
            f"the intensive dossier is for reading studies; {study.id} is {study.regime}"
        )
    found = texts(results)
    if not any(passage.valid for text in found for passage in text.passages):
        raise DossierError(f"no passage of {study.id} has enough replies; there is nothing to show")
    stances = {passage.question.id for text in found for passage in text.passages}
    told = set(release.texts)
    sections = (
        _front(results, found),
        _readers(results, found),
        _overview(found),
        _most_disputed(found),
        *_by_text(results, found),
        *comments.chapter(results, found),
        *process.where_it_stands(results, beside),
        *process.closed_loop(results, beside),
        annex.method(results),
        *(section for section in (annex.self_attack(results),) if section is not None),
        imprint.imprint(results, program, stances | told | set(release.ballots)),
    )
    return checked(about(results, KIND, "Bericht über die Intensiv-Bearbeitung", sections, program))


def _front(results: Results, found: tuple[Text, ...]) -> Section:
    study = results.release.study
    findings = _findings(found)
    n = results.release.ballots[""][0][1]
    taken = (("Rückmeldungen", f"{typography.count(n)} zu allen Texten zusammen"),)
    limits = Points((COUNTED, *LIMITS), "Was der Bericht nicht zeigen kann")

    def version(
        shown: int, purpose: str, spread: tuple[tuple[str, str], ...], next_steps: str
    ) -> Section:
        told = Points(findings[:shown], "Was zurückkam", numbered=True)
        after = (Points((next_steps,), "Wie es weitergeht"),) if next_steps else ()
        parts: tuple[Block, ...] = (
            *known(("Worum es ging", purpose), ("Zeitraum", annex.period(results))),
            *((told,) if shown else ()),
            Facts((*taken, *spread), boxed=True),
            limits,
            *after,
        )
        return Section("auf-einen-blick", "Auf einen Blick", parts)

    # A page that would be too long first loses sentences on the next steps, then what is said
    # again on later pages, then sentences on the purpose, then findings, the last first.
    choices = product(
        range(len(findings), -1, -1),
        (study.purpose, shortened(study.purpose)),
        (_spread(found), ()),
        (study.next_steps, shortened(study.next_steps)),
    )
    return fitting(version(*choice) for choice in choices)


def _spread(found: tuple[Text, ...]) -> tuple[tuple[str, str], ...]:
    """How many replied to the text with the fewest and to that with the most replies."""
    replies = sorted((t for t in found if t.replies and t.title), key=lambda t: t.replies)
    if len(replies) > 1:
        few, many = replies[0], replies[-1]
        spread = (
            f"{typography.count(few.replies)} ({wording.named(few.title)}) bis "
            f"{typography.count(many.replies)} ({wording.named(many.title)}), auch ohne Antwort "
            "zu einem Abschnitt"
        )
        return (("Je Text", spread),)
    return ()


LIMITS = (
    "Wie Menschen denken, die nicht gelesen haben.",
    "Ob ein Abschnitt richtig ist: Gefragt ist, ob er so stehen bleiben kann.",
)


def _findings(found: tuple[Text, ...]) -> tuple[str, ...]:
    passages = [p for text in found for p in text.passages if p.has_shares]
    if not passages:
        return ()
    sentences = [_from_to(passages, step) for step in (0, -1)]
    if top := _clearly_first(found):
        named = [wording.named(p.title) for p in sorted(top, key=lambda p: p.question.id)]
        sentences.append(
            f"Am weitesten gehen die Stellungnahmen auseinander bei {typography.listed(named)} "
            "(in der Reihenfolge der Texte)."
        )
    few = sum(not p.has_shares for text in found for p in text.passages)
    if few:
        sentences.append(
            f"Zu einigen Abschnitten gibt es weniger als {PERCENT_NEEDS} Stellungnahmen; für sie "
            "stehen keine Anteile."
        )
    return tuple(sentences)


def _clearly_first(found: tuple[Text, ...]) -> tuple[Passage, ...]:
    """The most disputed passages without those whose printed disagreement the next one shares."""
    top, every = disputed(found, FIRST), disputed(found, sum(len(t.passages) for t in found))
    rest = {_printed(passage) for passage in every if passage not in top}
    return tuple(passage for passage in top if _printed(passage) not in rest)


def _printed(passage: Passage) -> str:
    return passage.disagreement.printed if passage.disagreement is not None else ""


def _from_to(passages: Sequence[Passage], step: int) -> str:
    """From the fewest to the most who take a stance, which is the first or the last of a scale."""
    steps = [(p.title, *p.distribution.steps[step]) for p in passages if p.distribution is not None]
    label = steps[0][1].label.replace("\u00ad", "")
    shares = sorted(((title, share) for title, _, share in steps), key=lambda e: e[1].value or 0.0)
    (one, low), (other, high) = shares[0], shares[-1]
    parts = {p.title: p.question.part for p in passages}
    most = [
        _with_text(title, parts[title] if step else "")
        for title, _, share in steps
        if (share.value or 0.0) > 0.5
    ]
    half = ""
    if not most:
        half = " Bei keinem Abschnitt ist es mehr als die Hälfte."
    elif len(most) <= MOST_NAMED:
        half = f" Mehr als die Hälfte ist es bei {typography.listed(most)}."
    return (
        f"{wording.named(label)} sagen je nach Abschnitt {low.printed} ({wording.named(one)}) bis "
        f"{high.printed} ({wording.named(other)}) der Stellungnahmen.{half}"
    )


def _with_text(title: str, part: str) -> str:
    """A passage and, where something is asked for, the text that it stands in."""
    return f"{wording.named(title)} ({wording.named(part)})" if part else wording.named(title)


MOST_NAMED = 5
"""Passages of which a sentence says that more than half of the stances are alike."""


def _readers(results: Results, found: tuple[Text, ...]) -> Section:
    n = results.release.ballots[""][0][1]
    study = results.release.study
    rows = tuple(
        (
            text.title or "ohne Titel",
            typography.count(text.replies) if text.replies else "*",
            _stances(text),
        )
        for text in found
    )
    few = ("* zu wenige, um sie zu nennen",) if any(row[1] == "*" for row in rows) else ()
    table = Grid(
        id="replies",
        caption="Rückmeldungen je Text",
        base=f"n\u00a0=\u00a0{typography.count(n)} Rückmeldungen zusammen",
        notes=(COUNTED, SILENT_TOO, *few),
        columns=(
            Column("Text", number=False, width="50%"),
            Column("Rückmeldungen"),
            Column("Stellungnahmen je Abschnitt"),
        ),
        rows=rows,
    )
    lead = wording.participation(study, n, None).text
    help_points = Points(
        (
            "Anteile gelten für die Stellungnahmen zu einem Abschnitt, sonst für niemanden.",
            f"Unter {PERCENT_NEEDS} Stellungnahmen stehen keine Anteile.",
            "„Weiß nicht“ und „ohne Antwort“ werden nie weggelassen, sondern eigens gezeigt, "
            "als Anteil an den Rückmeldungen zum Text.",
            "Die Uneinigkeit reicht von 0 (alle sagen dasselbe) bis 1 (alle Antworten gleich "
            "häufig). Wer nicht gelesen hat, kommt darin nicht vor.",
        ),
        "Wie die Zahlen zu lesen sind",
    )
    blocks: tuple[Block, ...] = (
        Paragraph(lead, "lead"),
        Paragraph(f"Eingeladen waren: {study.population}."),
        table,
        help_points,
    )
    return Section("teilnahme", "Wer gelesen hat", blocks)


def _stances(text: Text) -> str:
    """From the fewest to the most stances on a passage of a text."""
    valid = [passage.valid for passage in text.passages if passage.valid]
    if not valid:
        return "*"
    low, high = typography.count(min(valid)), typography.count(max(valid))
    return low if low == high else f"{low} bis {high}"


MOST_ROWS = 30
"""Passages of one heat strip."""


def _overview(found: tuple[Text, ...]) -> Section:
    pictures: list[Block] = []
    part: list[Text] = []
    for text in (*found, None):
        size = sum(len(t.passages) + 1 for t in part)
        if part and (text is None or size + len(text.passages) + 1 > MOST_ROWS):
            pictures.append(_strip(part, len(pictures)))
            part = []
        if text is not None:
            part.append(text)
    return Section("uebersicht", "Alle Abschnitte im Überblick", tuple(pictures))


def _strip(part: list[Text], place: int) -> Picture:
    wordings = dict.fromkeys(p.question.text for text in part for p in text.passages)
    return Picture(
        id=f"heat-{place}" if place else "heat",
        caption="Stellungnahmen je Abschnitt, je dunkler desto häufiger",
        base=f"{N_COUNTS} Anteile der Haltungen: an den Stellungnahmen",
        wording=" / ".join(wordings),
        notes=("Rechte Spalten: Anteil an den Rückmeldungen zum Text.",),
        figure=heat_figure(part),
    )


def _most_disputed(found: tuple[Text, ...]) -> Section:
    top = disputed(found)
    if not top:
        return Section("umstritten", "Umstrittene Abschnitte", (Paragraph(NONE_DISPUTED),), False)
    heads = _heads(top[0])
    rows = tuple(
        (
            f"{p.title}: {p.question.part}" if p.question.part else p.title,
            p.place.printed.replace("Platz\u00a0", "").replace("Platz ", "") if p.place else "–",
            p.disagreement.printed if p.disagreement is not None else "–",
            *_shares(p),
            typography.count(p.valid),
        )
        for p in top
    )
    table = Grid(
        id="disputed",
        caption="Wo die Stellungnahmen am weitesten auseinandergehen",
        base=N_COUNTS,
        notes=(
            COUNTED,
            "Genau gleiche Werte teilen sich einen Platz; gedruckt sind die Werte gerundet.",
        ),
        columns=(
            Column("Abschnitt", number=False, width="34%"),
            Column("Platz"),
            Column("Uneinigkeit"),
            *(Column(head) for head in heads),
            Column("n"),
        ),
        rows=rows,
    )
    text = (
        "Die Plätze ordnen, was gezählt wurde. Sie sind kein Schluss auf andere Leserinnen und "
        "Leser; ein paar Rückmeldungen mehr könnten benachbarte Plätze tauschen."
    )
    return Section("umstritten", "Umstrittene Abschnitte", (Paragraph(text), table))


NONE_DISPUTED = (
    f"Kein Abschnitt hat {PERCENT_NEEDS} Stellungnahmen; Plätze werden deshalb nicht genannt."
)


def _heads(passage: Passage) -> list[str]:
    row = passage.distribution
    return [code.label for code, _ in row.steps] if row is not None else []


def _shares(passage: Passage) -> tuple[str, ...]:
    row = passage.distribution
    if row is None:
        return ()
    return tuple(share.printed if passage.has_shares else "–" for _, share in row.steps)


def _by_text(results: Results, found: tuple[Text, ...]) -> tuple[Section, ...]:
    """Per text the words of every passage beside what was replied, and below what was written."""
    sections = []
    for place, text in enumerate(found):
        shown = [p for p in text.passages if p.distribution is not None]
        heads = _heads(shown[0]) if shown else []
        rows = tuple(
            (
                p.title,
                p.question.passage or p.question.text,
                *(_shares(p) if p.distribution is not None else ("*",) * len(heads)),
                p.disagreement.printed if p.disagreement is not None and p.has_shares else "–",
                typography.count(p.valid) if p.valid else "*",
            )
            for p in text.passages
        )
        n = typography.count(text.replies) if text.replies else "zu wenige"
        table = Grid(
            id=f"passages-{place + 1}",
            caption="Wortlaut und Stellungnahmen",
            base=f"{n} Rückmeldungen zu diesem Text, auch ohne Antwort zu einem Abschnitt. "
            f"{N_COUNTS}",
            notes=_signs(rows),
            columns=(
                Column("Abschnitt", number=False, width="13%"),
                Column("Wortlaut", number=False, width="36%"),
                *(Column(head) for head in heads),
                Column("Uneinigkeit"),
                Column("n"),
            ),
            rows=rows,
        )
        title = text.title or "Weiterer Text"
        written = comments.themes(results, comments.about(results, text), f"themes-{place + 1}")
        sections.append(Section(f"text-{place + 1}", title, (table, *written), new_page=False))
    return tuple(sections)


def _signs(rows: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    cells = {cell for row in rows for cell in row}
    dash = f"– weniger als {PERCENT_NEEDS} Stellungnahmen: keine Anteile"
    star = "* zu wenige, zum Schutz der Antwortenden nicht gezeigt"
    return tuple(note for note in (dash, star) if note[0] in cells)
