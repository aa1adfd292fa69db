"""Fields that a page carries on for whoever sent them, because they could not be taken yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from survey.rendering import Entry

_SWITCH = "lang:"


def kept_fields(posted: Iterable[tuple[str, str]], left_out: Collection[str] = ()) -> list[Entry]:
    """The sent fields for the form of a page that sends all of them again.

    A switch of language is not what the person wanted in the end: beside any other button it is
    dropped, and the page goes on in the language that was chosen last.

    >>> kept = kept_fields([("go", "lang:en"), ("lang", "de"), ("go", "submit")])
    >>> [entry["value"] for entry in kept]
    ['en', 'submit']
    """
    pairs = [(name, value) for name, value in posted if name not in left_out]
    pressed = [value for name, value in pairs if name == "go"]
    switched = next((go.removeprefix(_SWITCH) for go in pressed if go.startswith(_SWITCH)), "")
    wanted = [go for go in pressed if not go.startswith(_SWITCH)] or pressed
    kept = [(name, value) for name, value in pairs if name != "go"]
    if switched:
        kept = [("lang", switched), *((name, value) for name, value in kept if name != "lang")]
    kept += [("go", go) for go in wanted[:1]]
    return [{"name": name, "value": value} for name, value in kept]
