"""What the gate merged or withheld, in plain German sentences for the dossier."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from reports.breakdowns import BALLOTS, Cut, Cuts
from reports.tables import CROSSED, EVERYBODY, WEIGHTING, Domain, Table
from reports.typography import listed
from survey.codebook import Codebook


def account(
    codebook: Codebook,
    cuts: Mapping[str, Cuts],
    tables: Mapping[tuple[str, str], Table],
    rules: Mapping[str, int],
) -> tuple[str, ...]:
    """One sentence per fact: the rule, what is merged by which attribute, what is missing."""
    sentences = [
        f"Ausgewiesen wird nur, was auf mindestens {rules['min_base']} gültigen Antworten "
        "beruht. Kleinere Gruppen sind zusammengefasst, sodass keine Antwort verloren geht "
        "und die Gruppen zusammen die Gesamtzahl ergeben."
    ]
    for by, found in cuts.items():
        if CROSSED in by:
            sentences.append(_of_crossing(_title(codebook, by), found))
        elif by not in (EVERYBODY, WEIGHTING):
            sentences += _of_attribute(_title(codebook, by), found)
    if WEIGHTING in cuts:
        sentences += _of_cells(cuts[WEIGHTING][BALLOTS])
    hidden = [t for (_, by), t in tables.items() if by == EVERYBODY and not t.domains]
    if hidden:
        names = dict.fromkeys(table.variable.label or table.question.text for table in hidden)
        sentences.append(f"Nicht ausgewiesen, weil zu wenige geantwortet haben: {_quoted(names)}.")
    return tuple(sentences)


def _of_attribute(title: str, cuts: Cuts) -> list[str]:
    main = cuts[BALLOTS]
    if not main.domains:
        return [f"Nach „{title}“ wird nichts ausgewiesen: Dafür sind die Gruppen zu klein."]
    names = {domain.code: domain.label for domain, status in main.withheld}
    sentences = [_merged(domain, names, title) for domain in main.domains if domain.members]
    coarser = sum(_coarser(cut, main) for key, cut in cuts.items() if isinstance(key, str) and key)
    if coarser == 1:
        sentences.append(f"Bei einer Frage sind nach „{title}“ weitere Gruppen zusammengefasst.")
    elif coarser:
        sentences.append(
            f"Bei {coarser} Fragen oder Teilfragen sind nach „{title}“ weitere Gruppen "
            "zusammengefasst oder nicht ausgewiesen, weil dort weniger Personen geantwortet haben."
        )
    return sentences


def _of_crossing(title: str, cuts: Cuts) -> str:
    if not cuts[BALLOTS].domains:
        return f"Nach „{title}“ wird nichts ausgewiesen: Dafür sind die Gruppen zu klein."
    return f"Nach „{title}“ ist eine Gruppe nur geteilt, wenn jeder Teil groß genug ist."


def _merged(domain: Domain, names: Mapping[str, str], title: str) -> str:
    members = listed([names[code] for code in domain.members])
    return f"Nach „{title}“ erscheinen gemeinsam als „{domain.label}“: {members}."


def _coarser(cut: Cut, main: Cut) -> bool:
    return cut.units != main.units


def _of_cells(cut: Cut) -> list[str]:
    if not cut.domains:
        return ["Eine Gewichtung ist nicht möglich: Dafür sind die Gruppen zu klein."]
    usable = sum(domain.headcount is not None for domain in cut.domains)
    return [
        f"Für die Gewichtung sind {usable} Zellen gebildet. Eine Gruppe ist nur geteilt, wenn "
        "jeder Teil für sich ausgewiesen werden darf; wer zum zweiten Merkmal nichts angegeben "
        "hat, zählt in dem Teil der eigenen Gruppe mit, aus dem die meisten Antworten zu "
        "erwarten sind."
    ]


def _title(codebook: Codebook, by: str) -> str:
    found = [codebook.question(id) for id in by.split(CROSSED)]
    return " × ".join(question.title or question.text for question in found)


def _quoted(names: Mapping[str, Hashable]) -> str:
    return listed([f"„{name}“" for name in names])
