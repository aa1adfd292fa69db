"""A hand-made set of results with the shape of the staff study, for tests of the dossier.

The numbers are invented and consistent with each other; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import sqrt
from zoneinfo import ZoneInfo

from reports import tables, typography
from reports.estimates import Estimate, Results
from reports.tables import Domain, Release, Status
from survey.codebook import Code, Codebook, Question, Role, Scale, Variable
from survey.study import Access, Frame, OpeningRule, Phase, Regime, Study

N, n = 22_000, 5_430
FIELDS = {
    "service": "Service und Erreichbarkeit",
    "digital": "Digitale Verfahren",
    "equipment": "Ausstattung und Arbeitsorte",
    "leadership": "Führung und Zusammenarbeit",
    "training": "Personal und Weiterbildung",
    "decisions": "Entscheidungswege",
    "dialogue": "Austausch mit der Stadtgesellschaft",
    "climate": "Klima und Krisenfestigkeit",
}
QUALITIES = (
    "verlässlich", "zügig", "verständlich", "zugewandt", "gerecht", "lernbereit", "vernetzt",
    "mutig",
)  # fmt: skip
MOTTOS = {
    "all": "Für alle da. Bereit für morgen.",
    "simple": "Einfach gut verwaltet.",
    "running": "Wir halten die Stadt am Laufen.",
    "near": "Nah. Klar. Verlässlich.",
    "none": "keinen davon",
    "unneeded": "ich finde ein Motto unnötig",
}
DEPARTMENTS = {
    "kids": ("Amt für Kinder, Jugend und Familie", 5260, 905),
    "social": ("Amt für Soziales und Senioren", 1540, 495),
    "fire": ("Berufsfeuerwehr und Rettungsdienst", 1480, 286),
    "school": ("Schulverwaltung mit Sekretariaten und Hausmeisterdiensten", 1430, 318),
    "order": ("Ordnungsamt mit Außendienst und Verkehrsüberwachung", 1310, 266),
    "building": ("Gebäudewirtschaft", 1090, 320),
    "parks": ("Grünflächen und Friedhöfe", 1040, 167),
    "roads": ("Straßenbau und Verkehr mit Bauhöfen", 960, 218),
    "citizens": ("Bürgerdienste", 900, 315),
    "stages": ("Bühnen der Stadt", 790, 149),
    "health": ("Gesundheitsamt", 730, 231),
    "finance": ("Finanzen: Kämmerei, Kasse, Steuern", 640, 229),
    "it": ("Informationsverarbeitung", 560, 180),
    "museums": ("Städtische Museen", 560, 148),
    "staff": ("Personal und Organisation", 530, 174),
    "housing": ("Wohnungswesen", 500, 159),
    "foreigners": ("Ausländerangelegenheiten", 470, 156),
    "library": ("Stadtbibliothek und Volkshochschule", 430, 130),
    "land": ("Liegenschaften, Vermessung und Kataster", 390, 118),
    "permits": ("Bauaufsicht", 340, 110),
    "planning": ("Stadtplanung und Stadtentwicklung", 330, 111),
    "environment": ("Umwelt- und Verbraucherschutz", 320, 100),
    "central": ("Zentrale Steuerung: Büro OB, Ratsbüro, Presse, Recht", 300, 107),
}
MERGED = Domain(
    "a6", "audit+equality", "Rechnungsprüfung; Gleichstellung", 100, ("audit", "equality")
)
WORKPLACES = {
    "pc": ("überwiegend mit eigenem Computer", 13_944, 4_400),
    "no_pc": ("überwiegend ohne eigenen Computer", 8_056, 930),
}
SHARES = (0.55, 0.48, 0.44, 0.44, 0.36, 0.29, 0.24, 0.20)
PLACES = ((1, 1), (2, 2), (3, 4), (3, 4), (5, 5), (6, 6), (7, 7), (8, 8))

_LEVELS = ("gar nicht", "wenig", "mittel", "ziemlich", "sehr")
_REASONS = (Code(-1, "skipped", "nicht beantwortet"), Code(-2, "dont_know", "weiß nicht"))


def study(regime: Regime = Regime.CENSUS_ATTEMPT, *, demo: bool = True) -> Study:
    zone = ZoneInfo("Europe/Berlin")
    heads: dict[tuple[str, ...], int] = {
        (code,): head for code, (_, head, _) in DEPARTMENTS.items()
    }
    frame = Frame(
        ("a6",),
        heads | {("audit",): 88, ("equality",): 12},
        date="2027-03-01",
        source="Personalverwaltung",
    )  # fmt: skip
    return Study(
        id="vision-staff",
        title="Wie soll unsere Stadtverwaltung in zehn Jahren arbeiten?",
        regime=regime,
        access=Access.CODES,
        opening=OpeningRule.ALL,
        population="alle Beschäftigten der Stadtverwaltung",
        opens=datetime(2027, 5, 3, 8, tzinfo=zone),
        closes=datetime(2027, 5, 21, 18, tzinfo=zone),
        frame=frame,
        contact="Projektteam Verwaltungsvision",
        commissioner="Stadtverwaltung",
        purpose="Präferenzen und Einschätzungen der Beschäftigten zur Verwaltung von morgen.",
        council_question="Welche Themenfelder soll die Verwaltungsvision zuerst voranbringen?",
        council_paper="0815/2027",
        next_steps="Die Ergebnisse werden mit den Dienststellen besprochen. Im Herbst folgt ein "
        "Vorschlag an den Rat.",
        phases=(
            Phase("Interviews und Werkstätten", "2026-11-01", "2027-03-31", "done"),
            Phase("Umfrage unter den Beschäftigten", "2027-05-03", "2027-05-21", "done"),
            Phase("Beratung im Rat", "2027-09-01", "2027-12-15", "planned"),
        ),
        rules={"min_base": 10},
        demo=demo,
        simulation=demo,
    )


def codebook() -> Codebook:
    return Codebook(
        "vision-staff", "ab" * 32, "1.0", "de",
        (
            _ranking(), _grid("a2_importance", "Wie wichtig ist diese Eigenschaft für eine gute "
            "Stadtverwaltung?", "wichtig"),
            _grid("a2_today", "Wie gut gelingt sie uns heute?", "gut"),
            _rating("a3a", "Mittel", "Wie oft haben Sie die Mittel (Zeit, Geräte, "
            "Informationen), die Sie für Ihre Arbeit brauchen?",
            ("nie", "selten", "manchmal", "meistens", "immer")),
            _rating("a3b", "Informiert über die Verwaltungsvision",
            "Wie leicht oder schwer ist es, in Ihrer Dienststelle einen Ablauf zu verbessern?",
            ("sehr schwer", "eher schwer", "teils, teils", "eher leicht", "sehr leicht")),
            _rating("a3d", "Wirkung", "Für wie wahrscheinlich halten Sie es, dass sich nach "
            "dieser Umfrage spürbar etwas ändert?",
            ("sehr unwahrscheinlich", "eher unwahrscheinlich", "mittel", "eher wahrscheinlich",
             "sehr wahrscheinlich")),
            _choice("a4b", "Motto", "Welchen Satz würden Sie wählen?", MOTTOS, Role.PREFERENCE),
            _choice("a6", "Dienststelle", "In welcher Dienststelle arbeiten Sie?",
                    {c: d[0] for c, d in DEPARTMENTS.items()}
                    | {"audit": "Rechnungsprüfung", "equality": "Gleichstellung"}, Role.DEPARTMENT),
            _choice("a7", "Arbeitsplatz", "Wie arbeiten Sie überwiegend?",
                    {c: d[0] for c, d in WORKPLACES.items()}, Role.WORKPLACE),
        ),
    )  # fmt: skip


def _ranking() -> Question:
    variables = tuple(
        Variable(f"a1_{code}", f"{label}: Erläuterung dazu", Scale.RANK, (), code)
        for code, label in FIELDS.items()
    )
    text = "Welche drei Themenfelder soll die Stadtverwaltung zuerst voranbringen?"
    return Question("a1", text, Scale.RANK, Role.RANKING, variables, "Themenfelder", depth=3)


def _grid(id: str, text: str, word: str) -> Question:
    codes = tuple(Code(i + 1, f"s{i + 1}", f"{w} {word}") for i, w in enumerate(_LEVELS))
    variables = tuple(
        Variable(f"{id}_{row}", f"{row}: Erläuterung", Scale.ORDINAL, codes + _REASONS, row)
        for row in QUALITIES
    )
    return Question(id, text, Scale.ORDINAL, Role.ASSESSMENT, variables, "Qualitäten")


def _rating(id: str, title: str, text: str, labels: Sequence[str]) -> Question:
    codes = tuple(Code(i + 1, f"s{i + 1}", label) for i, label in enumerate(labels))
    variable = Variable(id, text, Scale.ORDINAL, codes + _REASONS)
    return Question(id, text, Scale.ORDINAL, Role.ASSESSMENT, (variable,), title)


def _choice(id: str, title: str, text: str, options: Mapping[str, str], role: Role) -> Question:
    codes = tuple(Code(i + 1, name, label) for i, (name, label) in enumerate(options.items()))
    variable = Variable(id, text, Scale.NOMINAL, codes + _REASONS)
    return Question(id, text, Scale.NOMINAL, role, (variable,), title)


def share(
    item: str,
    value: float,
    base: int = n,
    people: int | None = N,
    *,
    statistic: str = "share",
    category: str = "",
    by: str = "",
    domain: str = "",
) -> Estimate:
    """An estimate of a share with a plain normal interval."""
    se = sqrt(max(value * (1 - value), 1e-6) / base)
    return Estimate(
        study="vision-staff",
        item=item,
        domain_variable=by,
        domain=domain,
        statistic=statistic,
        category=category,
        value=value,
        se=se,
        low=max(0.0, value - 1.96 * se),
        high=min(1.0, value + 1.96 * se),
        level=0.95,
        base_n=base,
        base_N=people,
        method="wilson_fpc",
        printed=typography.percent(value, base),
    )


def rank_set(item: str, element: str, low: int, high: int, suffix: str = "") -> Estimate:
    return Estimate(
        study="vision-staff",
        item=item,
        statistic="rank_set" + suffix,
        category=element,
        low=low,
        high=high,
        level=0.95,
        base_n=n,
        base_N=N,
        method="max_t",
        printed=typography.place(low, high),
    )


def ranking_rows(
    shares: Sequence[float] = SHARES,
    plain: Sequence[float] | None = None,
    places: Sequence[tuple[int, int]] = PLACES,
    plain_places: Sequence[tuple[int, int]] | None = None,
) -> list[Estimate]:
    rows = []
    for place, element in enumerate(list(FIELDS)[: len(shares)]):
        other = (plain or shares)[place]
        rows += [
            share("a1", other, statistic="top_k", category=element),
            share("a1", shares[place], statistic="top_k_weighted", category=element),
            share("a1", shares[place] / 3, statistic="first_weighted", category=element),
            rank_set("a1", element, *(plain_places or places)[place]),
            rank_set("a1", element, *places[place], "_weighted"),
        ]
    rows.append(share("a1", 0.03, statistic="missing", category="dont_know"))
    rows.append(share("a1", 0.02, statistic="missing", category="skipped"))
    return rows


def results(
    ranking: Iterable[Estimate] | None = None, regime: Regime = Regime.CENSUS_ATTEMPT
) -> Results:
    rows = [*_rates(), *(ranking_rows() if ranking is None else ranking)]
    book = codebook()
    for question in book:
        if question.scale is Scale.ORDINAL:
            for place, variable in enumerate(question.variables):
                rows += _scale_rows(variable, place + (0 if "importance" in question.id else 4))
    rows += _gap_rows(rows)
    rows += _motto_rows(book.question("a4b").variables[0]) + _contrast_rows()
    return Results(release(regime), carried(rows, regime))


def carried(rows: Iterable[Estimate], regime: Regime) -> tuple[Estimate, ...]:
    """The rows without what their regime does not carry."""
    if regime is Regime.CENSUS_ATTEMPT:
        return tuple(rows)
    kept = [row for row in rows if not row.statistic.startswith(("rank_set", "diff_rest", "gap_"))]
    bare = [replace(row, se=None, low=None, high=None, level=None, n_eff=None) for row in kept]
    return (*bare, *stated("a1", [row for row in bare if row.key[::3] == ("a1", "top_k")]))


def stated(item: str, shares: Sequence[Estimate]) -> tuple[Estimate, ...]:
    """The lead of the greatest of some shares, and the ballots that would erase it."""
    if len(shares) < 2:
        return ()
    first, second = sorted(shares, key=lambda row: -(row.value or 0.0))[:2]
    lead = (first.value or 0.0) - (second.value or 0.0)
    more = round(lead * (first.base_n or 0))
    leader = first.category if lead else ""
    row = replace(first, item=item, statistic="lead", category=leader, value=lead)
    printed = typography.count(more)
    return row, replace(row, statistic="erased_by", value=float(more), printed=printed)


def release(regime: Regime = Regime.CENSUS_ATTEMPT, *, demo: bool = True) -> Release:
    shown = [(Domain("a6", c, d[0], d[1]), d[2]) for c, d in DEPARTMENTS.items()]
    return Release(
        study=study(regime, demo=demo),
        codebook=codebook(),
        fingerprint="1a2b3c4d" + "0f" * 28,
        protocol={"ballots": n, "rejected": {}},
        tables={},
        joint={},
        ballots={
            "": ((Domain("", "", "alle", N), n),),
            "a6": (*shown, (MERGED, 38)),
            "a7": tuple((Domain("a7", c, d[0], d[1]), d[2]) for c, d in WORKPLACES.items()),
        },
        withheld={
            "a6": (
                (Domain("a6", "audit", "Rechnungsprüfung", 88), Status.MERGED),
                (Domain("a6", "equality", "Gleichstellung", 12), Status.MERGED),
            )
        },
        orders={},
        rules={"min_base": 10},
        report=("Rechnungsprüfung und Gleichstellung wurden zusammengefasst.",),
        seal=tables._SEAL,
    )


def _rates() -> list[Estimate]:
    rows = [share("", n / N, n, N, statistic="response_rate")]
    for code, (_, head, answered) in DEPARTMENTS.items():
        rows.append(_rate("a6", code, answered, head))
    rows.append(_rate("a6", MERGED.code, 38, 100))
    for code, (_, head, answered) in WORKPLACES.items():
        rows.append(_rate("a7", code, answered, head))
    return rows


def _rate(by: str, code: str, answered: int, head: int) -> Estimate:
    return share("", answered / head, answered, head, statistic="response_rate", by=by, domain=code)


def _scale_rows(variable: Variable, shift: int) -> list[Estimate]:
    raw = [1 + (shift * 7 + 3 * place) % 11 for place in range(5)]
    raw[3] += 9 if shift < 6 else 2
    parts = [value / sum(raw) for value in raw]
    base = n - 330 - 10 * shift
    rows = []
    for suffix in ("", "_weighted"):
        names = [code.name for code in variable.answers]
        rows += [
            share(variable.name, part, base, statistic="share" + suffix, category=name)
            for name, part in zip(names, parts, strict=True)
        ]
        top, bottom = parts[3] + parts[4], parts[0] + parts[1]
        rows.append(share(variable.name, top, base, statistic="top2" + suffix))
        rows.append(share(variable.name, bottom, base, statistic="bottom2" + suffix))
    rows.append(share(variable.name, 0.05, statistic="missing", category="dont_know"))
    rows.append(share(variable.name, 0.012, statistic="missing", category="skipped"))
    return rows


def gap(item: str, weighted: float, plain: float, p: float | None, half: float) -> list[Estimate]:
    """Today minus importance of a row in both columns, with an interval of twice ``half``."""
    rows = []
    for value, suffix in ((plain, ""), (weighted, "_weighted")):
        row = replace(share(item, 0.5, statistic="gap_top2" + suffix), value=value, se=half / 2)
        ends = replace(row, low=value - half, high=value + half)
        rows.append(replace(ends, printed=typography.points(value, n)))
    row = share(item, p or 0.0, statistic="gap_top2_p")
    alone = replace(row, se=None, low=None, high=None, level=None, method="holm")
    why = Status.NOT_COMPUTABLE if p is None else Status.PUBLISHED
    return [*rows, replace(alone, value=p, status=why)]


def _gap_rows(rows: Sequence[Estimate]) -> list[Estimate]:
    known = {row.item: row.value or 0.0 for row in rows if row.statistic == "top2"}
    found = []
    for quality in QUALITIES:
        by = known[f"a2_today_{quality}"] - known[f"a2_importance_{quality}"]
        found += gap(f"a2_today_{quality}", by, by, 0.001 if abs(by) > 0.04 else 0.4, 0.02)
    return found


def _motto_rows(variable: Variable) -> list[Estimate]:
    rows = []
    for suffix in ("", "_weighted"):
        for name, part in zip(MOTTOS, (0.19, 0.14, 0.21, 0.2, 0.11, 0.15), strict=True):
            rows.append(
                share(variable.name, part, n - 300, statistic="share" + suffix, category=name)
            )
    rows.append(share(variable.name, 0.04, statistic="missing", category="dont_know"))
    rows.append(share(variable.name, 0.015, statistic="missing", category="skipped"))
    return rows


def _contrast_rows() -> list[Estimate]:
    rows = []
    for place, (code, (_, head, answered)) in enumerate(DEPARTMENTS.items()):
        for number, element in enumerate(FIELDS):
            value = ((place * 13 + number * 5) % 17 - 8) / 70
            rows += contrast("a1", element, code, value, answered, head)
        rows += contrast("a3b", "top2", code, (place % 7 - 3) / 40, answered, head)
    return rows


def contrast(
    item: str, category: str, code: str, value: float, answered: int, head: int
) -> list[Estimate]:
    se = sqrt(0.24 / answered)
    shared = {"study": "vision-staff", "item": item, "domain_variable": "a6", "domain": code}
    difference = Estimate(
        **shared,  # type: ignore[arg-type]
        statistic="diff_rest",
        category=category,
        value=value,
        se=se,
        low=value - 1.96 * se,
        high=value + 1.96 * se,
        level=0.95,
        base_n=answered,
        base_N=head,
        method="newcombe_fpc",
        printed=typography.points(value, answered),
    )
    p = 0.01 if abs(value) > 3 * se else 0.4
    holm = Estimate(
        **shared,  # type: ignore[arg-type]
        statistic="diff_rest_p",
        category=category,
        value=p,
        base_n=answered,
        base_N=head,
        method="holm",
        printed=typography.decimal(p, 2),
    )
    return [difference, holm]
