"""What leaves the moderated texts: counted themes, paraphrases, quotes, counts of what stays.

The thresholds are those of the gate. A theme that fewer people wrote about than a group needs
is never counted by itself, and neither is the only theme that would be left out: what is
hidden is joined until at least two themes and enough texts stand together, in a way that
leaves the count of each open. No text, theme or
quote ever has a department: texts are parted from the rows at the opening.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reports.errors import DisclosureError
from reports.estimators.krippendorff import krippendorff_alpha
from reports.moderation.flags import ALWAYS, flags
from reports.moderation.journal import Act
from reports.moderation.room import Room, digest
from reports.moderation.state import (
    NO_THEME,
    PEOPLE,
    SETTLED,
    QuestionState,
    Status,
    TextState,
)
from reports.protection import SPAN
from reports.rules import thresholds

NO_THEME_LABEL = "Keinem Thema zugeordnet"


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """A theme with the number of texts that hold it."""

    code: str
    label: str
    texts: int
    paraphrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree: texts coded by at least two, and alpha; None where it says nothing."""

    double_coded: int
    alpha: float | None
    by_theme: Mapping[str, float | None]


@dataclass(frozen=True)
class TextRelease:
    """What may be said about the texts of one question.

    ``texts`` are all that were sent, ``withheld`` those of which nothing is counted or shown,
    ``redacted`` those with places taken out, ``coded`` the base of the themes. ``others``
    themes are joined with ``other_texts`` texts; None if even they are too few. Everything
    from ``coded`` on is empty below the threshold.
    """

    question: str
    text: str
    texts: int
    withheld: int
    redacted: int
    coded: int | None
    themes: tuple[ThemeCount, ...] = ()
    others: int = 0
    other_texts: int | None = None
    agreement: Agreement | None = None
    quotes: tuple[str, ...] = ()


def counted(
    order: Sequence[str], coded: Sequence[frozenset[str]], minimum: int
) -> tuple[dict[str, int], int, int | None]:
    """Counts of the themes that may leave, how many themes are joined, and their texts.

    ``order`` are all themes of the frame, ``coded`` the themes of each text. Themes with 1 to
    ``minimum`` - 1 texts are joined; so are further ones, the smallest first, until at least two
    are joined with enough texts, and until somebody who knows these rules is left with at least
    :data:`SPAN` values for each of them. If no theme would be left beside them, nothing leaves
    (their number of texts is None), so that this case tells little about the counts behind it.
    A theme that nobody wrote about counts 0.

    >>> a, b, c = frozenset("a"), frozenset("b"), frozenset("c")
    >>> counted("abcd", [a] * 30 + [b] * 12 + [c] * 3, 10)
    ({'a': 30, 'd': 0}, 2, 15)
    """
    counts = {theme: sum(theme in themes for themes in coded) for theme in order}
    small = [theme for theme in order if 0 < counts[theme] < minimum]
    large = sorted((t for t in order if counts[t] >= minimum), key=lambda t: counts[t])
    for joined in range(len(large)):
        hidden = {*small, *large[:joined]}
        texts = sum(bool(themes & hidden) for themes in coded)
        most = counts[large[joined]]
        bounds = [(1, minimum - 1)] * len(small) + [(minimum, most)] * joined
        if not small or (len(hidden) > 1 and texts >= minimum and _is_open(bounds, texts)):
            shown = {theme: counts[theme] for theme in order if theme not in hidden}
            return shown, len(hidden), texts
    return {}, 0, None


def _is_open(bounds: Sequence[tuple[int, int]], total: int) -> bool:
    """Whether numbers within bounds that add up to a total each keep enough possible values."""
    low, high = (sum(bound[side] for bound in bounds) for side in (0, 1))
    return all(
        min(most, total - (low - least)) - max(least, total - (high - most)) + 1 >= SPAN
        for least, most in bounds
    )


def agreement(state: QuestionState) -> Agreement:
    """Krippendorff's alpha over all pairs of text and theme, and for each theme."""
    double = [text.codings for text in state.texts.values() if len(text.codings) >= PEOPLE]
    coders = sorted({by for codings in double for by in codings})

    def units(theme: str) -> list[list[float | None]]:
        return [
            [float(theme in codings[by]) if by in codings else None for by in coders]
            for codings in double
        ]

    by_theme = {theme: units(theme) for theme in (*state.themes, NO_THEME)}
    alphas = {theme: krippendorff_alpha(found) for theme, found in by_theme.items()}
    everything = [unit for found in by_theme.values() for unit in found]
    return Agreement(len(double), krippendorff_alpha(everything), alphas)


def released(room: Room, question: str, state: QuestionState) -> TextRelease:
    """What leaves of one question; raises ``DisclosureError`` while anything is unsettled."""
    numbers = range(1, len(room.texts[question]) + 1)
    texts = {number: state.text(number) for number in numbers}
    _check_settled(question, texts)
    kept = {n: text for n, text in texts.items() if text.status is not Status.WITHHELD}
    rules = thresholds(room.data_set.study.rules)
    wording = room.data_set.codebook.question(question).text
    redacted = sum(text.status is Status.REDACTED for text in kept.values())
    counts = (len(texts), len(texts) - len(kept), redacted)
    if len(kept) < rules["min_base"]:
        return TextRelease(question, wording, *counts, None)
    coded = [text.themes for text in kept.values() if text.themes is not None]
    order = (*state.themes, NO_THEME)
    shown, others, other_texts = counted(order, coded, rules["min_base"])
    themes = tuple(_theme(state, code, count) for code, count in shown.items())
    return TextRelease(
        question,
        wording,
        *counts,
        len(coded),
        tuple(sorted(themes, key=lambda theme: -theme.texts)),
        others,
        other_texts,
        agreement(state),
        tuple(_quotes(room, question, kept)),
    )


def _check_settled(question: str, texts: Mapping[int, TextState]) -> None:
    unsettled = [n for n, text in texts.items() if text.status not in SETTLED]
    if unsettled:
        raise DisclosureError(
            f"{question}: {len(unsettled)} of {len(texts)} texts are not settled by two people, "
            f"the first is number {unsettled[0]}"
        )
    kept = {n: text for n, text in texts.items() if text.status is not Status.WITHHELD}
    uncoded = [n for n, text in kept.items() if text.themes is None]
    if uncoded:
        raise DisclosureError(
            f"{question}: {len(uncoded)} texts have no themes, or coders differ about them; the "
            f"first is number {uncoded[0]}"
        )
    if kept and not any(len(text.codings) >= PEOPLE for text in kept.values()):
        raise DisclosureError(f"{question}: a second person has to code some of the texts")


def _theme(state: QuestionState, code: str, count: int) -> ThemeCount:
    if code == NO_THEME:
        return ThemeCount(code, NO_THEME_LABEL, count)
    said = tuple(p.text for p in state.paraphrases.get(code, ()) if p.is_released)
    return ThemeCount(code, state.themes[code].label, count, said)


def _quotes(room: Room, question: str, texts: Mapping[int, TextState]) -> Iterator[str]:
    """Texts that two people have released as they are shown, in an order of their own.

    The order follows from what is quoted alone, so that it says nothing about the data set.
    """
    found = []
    for number, text in texts.items():
        shown = room.shown(question, number, text)
        consent = [by for by, said in text.quotes.items() if said == digest(shown)]
        if len(consent) >= PEOPLE and not _names_somebody(room, shown):
            key = hashlib.sha256(f"{question}|{shown}".encode()).digest()
            found.append((key, shown))
    yield from (shown for _, shown in sorted(found))


def _names_somebody(room: Room, shown: str) -> bool:
    return any(flag.kind in ALWAYS for flag in flags(shown, room.lists))


# -- one release after the other ---------------------------------------------------------------


def release(
    room: Room,
    by: str,
    questions: Iterable[str] = (),
    earlier: Iterable[tuple[str, TextRelease]] = (),
) -> tuple[TextRelease, ...]:
    """Release the texts of a study, and write that into the journal.

    ``earlier`` are releases that the journal may not know, with their day. Raises
    ``DisclosureError`` while anything is unsettled, and for a number that differs from the same
    number of an earlier release by 1 to 9 texts: the difference would be those few.
    """
    state = room.state()
    wanted = tuple(questions) or tuple(room.texts)
    found = tuple(
        released(room, question, state.get(question) or QuestionState()) for question in wanted
    )
    numbers = {name: number for one in found for name, number in _numbers(one)}
    before = [{"act": "release", "at": day, "numbers": dict(_numbers(one))} for day, one in earlier]

    def make(acts: Sequence[Act]) -> Act:
        least = thresholds(room.data_set.study.rules)["min_base"]
        _check_differences([*before, *acts], numbers, least)
        return {
            "act": "release",
            "at": room.today.isoformat(),
            "by": " ".join(by.split()).casefold(),
            "data_set": room.data_set.fingerprint,
            "numbers": numbers,
        }

    room.journal.add(make)
    return found


def _numbers(one: TextRelease) -> Iterator[tuple[str, int]]:
    if one.coded is not None:
        yield f"{one.question}: coded texts", one.coded
        for theme in one.themes:
            yield f"{one.question}: {theme.code}", theme.texts
        if one.other_texts:
            yield f"{one.question}: {one.others} other themes", one.other_texts


def _check_differences(acts: Iterable[Act], numbers: Mapping[str, int], least: int) -> None:
    for act in acts:
        for name, before in act.get("numbers", {}).items() if act["act"] == "release" else ():
            if 0 < abs(numbers.get(name, before) - before) < least:
                raise DisclosureError(
                    f"{name} was released as {before} on {act['at']} and would now be "
                    f"{numbers[name]}: the difference would be {abs(numbers[name] - before)} "
                    "people. Keep what was released, or wait until more has changed"
                )


def texts_of(raw: Mapping[str, Any]) -> TextRelease:
    """A release as the ledger holds it; its agreement is left out."""
    themes = tuple(
        ThemeCount(t["code"], t["label"], t["texts"], tuple(t["paraphrases"]))
        for t in raw["themes"]
    )
    known = {
        name: raw[name]
        for name in ("question", "text", "texts", "withheld", "redacted", "coded", "others")
    }
    return TextRelease(
        **known, themes=themes, other_texts=raw["other_texts"], quotes=tuple(raw["quotes"])
    )


def as_raw(found: Iterable[TextRelease]) -> list[dict[str, Any]]:
    """The release for other programs and for a dossier."""
    return [asdict(one) for one in found]
