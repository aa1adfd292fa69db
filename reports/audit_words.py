"""What ``survey audit`` says: sentences for the people who plan a study, with advice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from reports.audit import Audit, Group, Uniques, needed_rate

LANGUAGES = ("de", "en")

Say = Callable[..., str]

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "assumed": (
        "Angenommen: {rate} % antworten, überall gleich oft. Gezeigt werden Gruppen ab {minimum} "
        "Antworten.",
        "Assumed: {rate} % answer, everywhere alike. Groups are shown from {minimum} answers on.",
    ),
    "no_headcounts": (
        "Ohne Kopfzahlen lässt sich nicht vorhersagen, wie groß Gruppen werden. Die Fragen zur "
        "Person ergeben zusammen {combinations} Kombinationen; damit im Mittel {minimum} Antworten "
        "auf eine kommen, wären {needed} nötig.",
        "Without headcounts nothing can be said about the size of groups. The questions about the "
        "person have {combinations} combinations; for {minimum} answers each on average, {needed} "
        "would be needed.",
    ),
    "split": (
        "Auswertung nach {by}: {count} Gruppen, {safe} davon werden voraussichtlich gezeigt, "
        "{chapters} erreichen ein eigenes Kapitel ({chapter} Antworten).",
        "Evaluation by {by}: {count} groups, {safe} of them will probably be shown, {chapters} "
        "reach a chapter of their own ({chapter} answers).",
    ),
    "even": (
        "  Für {names} gibt es keine Kopfzahlen; gerechnet ist mit gleich großen Gruppen.",
        "  There are no headcounts for {names}; groups of equal size are assumed.",
    ),
    "group": (
        "  {name}: {people} Personen, etwa {expected} Antworten, Aussicht auf {minimum}: "
        "{chance} %",
        "  {name}: {people} people, about {expected} answers, chance of {minimum}: {chance} %",
    ),
    "rolled": (
        " – wird sonst mit „{parent}“ zusammengelegt.",
        " – otherwise reported together with “{parent}”.",
    ),
    "lost": (
        " – FEHLER: Die Auswertung verspricht diese Gruppe, sie wird aber nicht gezeigt.",
        " – ERROR: the evaluation promises this group, but it will not be shown.",
    ),
    "open": (" – ungewiss.", " – uncertain."),
    "advice_rate": (
        "    Rat: eine größere Einheit nennen (parent), die Gruppe mit einer anderen zu einer "
        "Antwort zusammenfassen oder diese Auswertung streichen. Erst ab {rate} % Beteiligung "
        "würde sie gezeigt.",
        "    Advice: name a larger unit (parent), join the group with another one in the list, or "
        "drop this evaluation. It would be shown from {rate} % answering on.",
    ),
    "advice_never": (
        "    Rat: eine größere Einheit nennen (parent), die Gruppe mit einer anderen zu einer "
        "Antwort zusammenfassen oder diese Auswertung streichen. Sie ist zu klein, auch wenn alle "
        "antworten.",
        "    Advice: name a larger unit (parent), join the group with another one in the list, or "
        "drop this evaluation. It is too small even if everybody answers.",
    ),
    "uniques": (
        "Einmalige Kombinationen ({by}): etwa {expected} von {answers} Antworten ({share} %) "
        "stünden allein da; zulässig sind {most} %.",
        "Unique combinations ({by}): about {expected} of {answers} answers ({share} %) would be "
        "the only one of their kind; {most} % are allowed.",
    ),
    "listed": (
        "  FEHLER: Personen, die in den Kopfzahlen allein in ihrer Zelle stehen: {count}. Wer die "
        "Liste kennt, erkennt ihre Antwort. Rat: Einheiten in den Kopfzahlen und in der Frage "
        "zusammenfassen.",
        "  ERROR: people who are alone in their cell of the headcounts: {count}. Whoever knows the "
        "list recognises their answer. Advice: join units in the headcounts and in the question.",
    ),
    "too_many": (
        "  FEHLER: Das sind zu viele. Rat: eine Frage zur Person weglassen oder gröbere Antworten "
        "anbieten.",
        "  ERROR: that is too many. Advice: leave out a question about the person or offer coarser "
        "answers.",
    ),
    "passed": (
        "Ergebnis: Die geplanten Auswertungen lassen sich voraussichtlich einhalten.",
        "Result: the planned evaluations can probably be kept.",
    ),
    "failed": (
        "Ergebnis: So sollte niemand gefragt werden; bitte ändern, was oben mit FEHLER steht.",
        "Result: nobody should be asked like this; please change what is marked ERROR above.",
    ),
}
"""By code: the German and the English sentence."""


def lines(audit: Audit, language: str) -> Iterator[str]:
    """The audit in sentences, the result last."""

    def say(code: str, **values: object) -> str:
        return _SENTENCES[code][LANGUAGES.index(language)].format_map(values)

    minimum = audit.minimum
    if not audit.splits and audit.uniques is None:
        needed = minimum * audit.combinations
        yield say("no_headcounts", combinations=audit.combinations, minimum=minimum, needed=needed)
        return
    yield say("assumed", rate=_percent(audit.rate), minimum=minimum)
    for split in audit.splits:
        chapters = sum(group.chapter >= 0.5 for group in split.groups)
        count, safe = len(split.groups), len(split.groups) - len(split.small)
        by = " × ".join(split.by)
        yield say("split", by=by, count=count, safe=safe, chapters=chapters, chapter=audit.chapter)
        if split.assumed:
            yield say("even", names=", ".join(split.assumed))
        for group in split.small:
            yield from _group(group, minimum, say)
    if audit.uniques:
        yield from _uniques(audit, audit.uniques, say)
    yield say("failed" if audit.fails else "passed")


def _group(group: Group, minimum: int, say: Say) -> Iterator[str]:
    line = say(
        "group",
        name=" · ".join(group.labels),
        people=math.floor(group.people),
        expected=math.floor(group.expected),
        minimum=minimum,
        chance=math.floor(group.chance * 100),
    )
    if not group.is_lost:
        yield line + (say("rolled", parent=group.parent) if group.parent else say("open"))
    else:
        yield line + say("lost")
        rate = needed_rate(group.people, minimum)
        yield say("advice_never") if rate is None else say("advice_rate", rate=_percent(rate))


def _uniques(audit: Audit, found: Uniques, say: Say) -> Iterator[str]:
    yield say(
        "uniques",
        by=" × ".join(found.attributes),
        expected=math.ceil(found.expected),
        answers=round(found.answers),
        share=_percent(found.share),
        most=_percent(audit.most_unique),
    )
    if found.share > audit.most_unique:
        yield say("too_many")
    if found.listed:
        yield say("listed", count=found.listed)


def _percent(share: float) -> str:
    """A share in whole per cent, never 0 for what is not nothing.

    >>> _percent(0.25), _percent(0.0003), _percent(0)
    ('25', '<1', '0')
    """
    return "<1" if 0 < share < 0.01 else f"{share * 100:.0f}"
