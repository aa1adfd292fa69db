"""Up and down in a ranking, one round trip each, for everybody who cannot or will not drag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.forms import Values
from survey.items.ranking import Ranking
from survey.translation import catalogue


@dataclass(frozen=True, slots=True)
class Moved:
    """The form values of a ranking after a move, and the sentence for its status line."""

    values: Values
    status: str


def move(item: Ranking, values: Values, code: str, action: str, language: str) -> Moved:
    """One element a place up or down.

    What has a place counts in the order of the places, ties in the author's order, so that a
    half-filled form can be moved about as well. Up puts an element without a place behind the
    last one, or onto the last place if none is free; down takes the last one out again.
    """
    labels = {option.code: option.label for option in item.choices}
    before = placed(item, values)
    after = _raised(before, code, item.places) if action == "up" else _lowered(before, code)
    filled = {f"{item.id}.{c}": [str(p)] for p, c in enumerate(after, start=1)}
    cleared: Values = {name: [] for name in item.form_fields}
    status = _status(labels, code, before, after, item.places, language)
    return Moved(cleared | filled, status)


def placed(item: Ranking, values: Mapping[str, Sequence[str]]) -> list[str]:
    """Codes of the elements that have a place in the form, best first."""
    places = {}
    for option in item.choices:
        sent = values.get(f"{item.id}.{option.code}") or [""]
        if sent[0].isascii() and sent[0].isdecimal():
            places[option.code] = int(sent[0][:4])
    return sorted(places, key=lambda code: places[code])[: item.places]


def _raised(before: list[str], code: str, places: int) -> list[str]:
    if code not in before:
        return [*before[: places - 1], code]
    place = before.index(code)
    rest = [other for other in before if other != code]
    return [*rest[: max(place - 1, 0)], code, *rest[max(place - 1, 0) :]]


def _lowered(before: list[str], code: str) -> list[str]:
    if code not in before or before[-1] == code:
        return [other for other in before if other != code]
    place = before.index(code)
    rest = [other for other in before if other != code]
    return [*rest[: place + 1], code, *rest[place + 1 :]]


def _status(
    labels: Mapping[str, str],
    code: str,
    before: Sequence[str],
    after: Sequence[str],
    places: int,
    language: str,
) -> str:
    _ = catalogue(language).gettext
    if code not in after:
        sentence = _("„%(name)s“ hat jetzt keinen Platz.") % {"name": labels[code]}
    else:
        sentence = _("„%(name)s“ steht jetzt auf Platz %(place)s von %(places)s.") % {
            "name": labels[code],
            "place": after.index(code) + 1,
            "places": places,
        }
    displaced = [other for other in before if other not in after and other != code]
    for other in displaced:
        sentence += " " + _("„%(name)s“ hat keinen Platz mehr.") % {"name": labels[other]}
    return sentence
