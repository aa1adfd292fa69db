"""German names of statistics and states for tables that people read."""

from __future__ import annotations

from types import MappingProxyType

from reports.estimators import STATISTICS, SUFFIX
from reports.tables import Status

STATISTIC_NAMES = MappingProxyType(
    {
        "share": "Anteil",
        "missing": "ohne Antwort: Anteil",
        "top2": "Anteil der beiden höchsten Stufen",
        "bottom2": "Anteil der beiden niedrigsten Stufen",
        "net": "Saldo: höchste minus niedrigste Stufen",
        "mean": "Mittelwert",
        "median": "Median",
        "first": "Anteil auf Platz 1",
        "top_k": "Anteil unter den ersten Plätzen",
        "mean_rank": "mittlerer Platz",
        "pairwise": "Anteil, der das eine vor das andere setzt",
        "pairwise_tie": "Anteil, der beide gleich setzt",
        "borda": "mittlere Punkte (Borda)",
        "condorcet": "gewinnt jeden Vergleich",
        "smith": "gehört zur kleinsten Gruppe, die alle anderen schlägt",
        "schulze": "Platz nach Schulze",
        "kemeny": "Platz nach Kemeny",
        "worth": "Gewicht nach Plackett und Luce",
        "worth_quasi_se": "Quasi-Standardfehler des Gewichts",
        "worth_tie": "Häufigkeit von Gleichständen im Modell",
        "kendall_w": "Übereinstimmung der Rangfolgen (Kendall W)",
        "friedman_p": "p-Wert: alle Felder gleich gereiht (Friedman)",
        "best_worst": "beste minus schlechteste Nennungen",
        "points": "mittlere Punkte",
        "points_zero": "Anteil ohne Punkte",
        "points_trimmed": "mittlere Punkte ohne die äußeren Zehntel",
        "class_share": "Anteil der Klasse",
        "quantile": "Quartil",
        "order_effect": "Reihenfolge: zuerst minus zuletzt gezeigt",
        "disagreement": "Uneinigkeit",
        "disputed_place": "Platz nach Uneinigkeit",
        "rank_set": "mögliche Plätze",
        "diff_rest": "Unterschied zu allen anderen",
        "diff_rest_p": "p-Wert des Unterschieds (Holm)",
        "diff_rest_q": "p-Wert des Unterschieds (Sichtung)",
        "differ_p": "p-Wert: Gruppen unterscheiden sich",
        "differ_rank_p": "p-Wert: Gruppen unterscheiden sich (Stufen)",
        "cramers_v": "Stärke des Zusammenhangs (Cramérs V)",
        "cliffs_delta": "Effektstärke (Cliffs Delta)",
        "funnel": "Anteil aller anderen mit Zufallsgrenzen",
        "group_place": "mögliche Plätze der Gruppe unter allen Gruppen",
        "share_together": "Anteil, gemeinsame Grenzen",
        "gap_top2": "heute minus wichtig (höchste Stufen)",
        "gap_top2_p": "p-Wert: heute minus wichtig",
        "gap_mean": "heute minus wichtig (Mittelwert)",
        "alpha": "Verlässlichkeit der Liste (Cronbachs Alpha)",
        "straightlining": "Anteil gleichförmiger Listen",
        "repeated": "Anteil mehrfach gleicher Bögen",
        "untouched": "Anteil unveränderter Rangfolgen",
        "without_straight": "Änderung ohne gleichförmige Listen",
        "without_repeated": "Änderung ohne mehrfach gleiche Bögen",
        "without_untouched": "Änderung ohne unveränderte Rangfolgen",
        "tipping_half": "nötige Zustimmung der Übrigen zur Hälfte",
        "lead": "Vorsprung",
        "erased_by": "Stimmen, die den Vorsprung aufheben",
        "response_rate": "Beteiligung",
        "composition": "Anteil an allen Antworten",
        "composition_known": "Anteil an den Antworten der Gruppen von bekannter Größe",
        "population_share": "Anteil an der Bevölkerung",
        "bound_low": "untere Grenze: keiner der Übrigen stimmt zu",
        "bound_high": "obere Grenze: alle Übrigen stimmen zu",
        "tipping_point": "Vorsprung der Übrigen, der Platz 1 kippt",
        "weight_min": "kleinstes Gewicht",
        "weight_max": "größtes Gewicht",
        "deff": "Designeffekt der Gewichte",
        "weight_deviation": "größte Abweichung eines Randes von seinen Kopfzahlen",
        "weight_trimmed": "Bögen mit gekapptem Gewicht",
        "order_v": "wie stark die gezeigte Reihenfolge von Fragen oder Blöcken wirkt (Cramérs V)",
        "order_p": "p-Wert: hängen die Antworten von der gezeigten Reihenfolge ab?",
        "texts": "abgegebene freie Texte",
        "texts_withheld": "freie Texte, von denen nichts gezählt oder gezeigt wird",
        "texts_redacted": "freie Texte mit entfernten Stellen",
        "theme": "freie Texte zu einem Thema",
        "theme_others": "freie Texte zu zusammengefassten kleinen Themen",
        "theme_alpha": "Übereinstimmung der Zuordnung zu Themen (Krippendorffs Alpha)",
    }
)

SHARES = frozenset(
    {"share", "missing", "top2", "bottom2", "first", "top_k", "pairwise", "pairwise_tie"}
    | {"points_zero", "class_share", "funnel", "share_together", "straightlining", "repeated"}
    | {"untouched", "tipping_half", "response_rate", "composition", "population_share"}
    | {"composition_known"}
    | {"bound_low", "bound_high", "tipping_point"}
)
"""Statistics that people read in per cent."""

DIFFERENCES = frozenset(
    {"net", "diff_rest", "gap_top2", "order_effect", "lead"}
    | {"without_straight", "without_repeated", "without_untouched"}
)
"""Differences of shares, read in per cent with a sign."""

PLACES = frozenset(("rank_set", "schulze", "kemeny", "disputed_place", "group_place", "erased_by"))
"""Whole numbers."""

STATUS_NAMES = MappingProxyType(
    {
        Status.PUBLISHED: "veröffentlicht",
        Status.MERGED: "in Sammelgruppe",
        Status.HOMOGENEOUS: "fast einheitlich",
        Status.NOT_SHOWN: "nicht gezeigt",
        Status.NOT_ASKED: "nicht gefragt",
        Status.NOT_COMPUTABLE: "nicht berechenbar",
    }
)


def statistic_name(name: str) -> str:
    """What a statistic is called.

    >>> statistic_name("share_weighted")
    'Anteil, gewichtet'
    """
    plain = name.removesuffix(SUFFIX)
    found = STATISTIC_NAMES.get(plain, STATISTICS.get(plain, plain))
    return f"{found}, gewichtet" if plain != name else found


def number_kind(name: str) -> str:
    """How the values of a statistic are read: share, difference, place, p or number.

    >>> [number_kind(name) for name in ("top2_weighted", "net", "rank_set", "differ_p", "mean")]
    ['share', 'difference', 'place', 'p', 'number']
    """
    plain = name.removesuffix(SUFFIX)
    if plain.endswith(("_p", "_q")):
        return "p"
    kinds = {"share": SHARES, "difference": DIFFERENCES, "place": PLACES}
    return next((kind for kind, names in kinds.items() if plain in names), "number")
