"""What a state puts into the holes of a screen: answers, marks, places, what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from survey.forms import Values
from survey.items.base import Item
from survey.items.passage import Passage
from survey.page_state import PageState
from survey.piping import filled
from survey.rendering import Entry, Filling
from survey.review import review
from survey.route import Route
from survey.translation import catalogue
from survey.voices import Voice

NOTHING: Mapping[str, str] = MappingProxyType({})


def page_filling(
    route: Route,
    voice: Voice,
    values: Values,
    texts: Mapping[str, str],
    mistakes: Mapping[str, str] = NOTHING,
) -> Filling:
    """A page of the questionnaire, with the form values that it shows."""
    state = route.state
    place = {"place": str(route.step), "total": str(len(route.pages))}
    place |= _texts_sent(state, voice)
    whole = voice.instrument.pages[state.page]
    flags = {f"hidden:{item.id}" for item in whole.ruled if item.id not in route.shown}
    if route.step == 1:
        flags.add("first")
    if state.answers:
        flags.add("begun")
    if state.returning:
        flags.add("returning")
    elif route.before != state.page:
        flags.add("back")
    words = _words(route, voice)
    return Filling(
        values=values,
        mistakes=mistakes,
        texts={**place, **texts},
        lists={"mistakes": _summary(whole.items, mistakes, words, state.language)},
        flags=frozenset(flags),
        orders=state.orders,
        places={"items": whole.item_places(state.orders)},
        answers=words,
    )


def _summary(
    items: Sequence[Item], mistakes: Mapping[str, str], words: Mapping[str, str], language: str
) -> list[Entry]:
    """The sentences at the top of a page, each behind the name of the item that it is about."""
    if not mistakes:
        return []
    wrong = {name.split(".")[0] for name in mistakes}
    named = item_names(items, language)
    names = {item.id: filled(name, words) for item, name in named if item.id in wrong}
    return [
        {"name": name, "sentence": sentence, "item": names.get(name.split(".")[0], "")}
        for name, sentence in mistakes.items()
    ]


def item_names(items: Sequence[Item], language: str) -> Iterator[tuple[Item, str]]:
    """What a page calls its items, with a colon behind a name that ends no sentence."""
    _ = catalogue(language).gettext
    for number, item in enumerate(items, start=1):
        name = item.title or item.text
        if isinstance(item, Passage) and not item.title:
            name = _("Abschnitt %(number)s") % {"number": number}
        yield item, name if name.endswith((".", "!", "?", ":")) else f"{name}:"


def _texts_sent(state: PageState, voice: Voice) -> dict[str, str]:
    """How many texts of a reading study are sent, and how many there are."""
    return {"done": str(len(state.done)), "texts": str(len(voice.instrument.texts))}


def _words(route: Route, voice: Voice) -> dict[str, str]:
    if not voice.mentioned:
        return {}
    answers = route.answers
    return voice.instrument.spoken({id: answers[id] for id in voice.mentioned if id in answers})


def review_filling(route: Route, voice: Voice, texts: Mapping[str, str]) -> Filling:
    """The review: every answer in words, and what is empty or not shown."""
    words = _words(route, voice)
    said = review(route)
    empty = [{"id": i.id, "title": filled(i.title or i.text, words)} for i in said.empty]
    lists = {f"answer:{id}": lines for id, lines in said.answered.items()}
    pages, orders = voice.instrument.pages, route.state.orders
    shown = {pages[place].id for place in route.pages}
    places = {f"items:{page.id}": page.item_places(orders) for page in pages}
    flags = {f"hidden:{item.id}" for item in voice.instrument.items if item.id not in route.shown}
    flags |= {f"hidden page:{page.id}" for page in pages if page.id not in shown}
    flags |= {f"empty:{item.id}" for item in said.empty}
    if said.answered:
        flags.add("begun")
    return Filling(
        texts={**texts, "text title": text_title(voice, route.state.text)},
        lists={"empty": empty, **lists},
        flags=frozenset(flags),
        places={"pages": voice.instrument.places(orders), **places},
        answers=words,
    )


def texts_filling(state: PageState, voice: Voice, texts: Mapping[str, str]) -> Filling:
    """The list of texts of a reading study: what is sent, what is begun, what is left."""
    flags = {f"done:{id}" for id in state.done}
    if state.answers:
        flags |= {f"begun:{state.text}", "begun"}
    elif state.done:
        flags.add("thanks")
    if len(state.done) == len(voice.instrument.texts):
        flags.add("all")
    counts = {"done": str(len(state.done)), "total": str(len(voice.instrument.texts))}
    last = text_title(voice, state.done[-1]) if state.done else ""
    begun = text_title(voice, state.text)
    return Filling(texts={**texts, **counts, "last": last, "begun": begun}, flags=frozenset(flags))


def text_title(voice: Voice, id: str) -> str:
    """The title of a text; empty if there is none."""
    return next((text.title for text in voice.instrument.texts if text.id == id), "")
