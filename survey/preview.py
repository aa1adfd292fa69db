"""Every screen of a questionnaire file in every language and state; nothing is stored.

There is no home, no urn and no state behind these pages: an address names the screen, the
language and how it is filled. Every question is shown, whatever its condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from flask import Flask, Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from survey.forms import read_page, shown, submitted
from survey.guard import protect
from survey.instrument import Instrument, Page, Questionnaire
from survey.page_state import PageState
from survey.plausible import faulty_form, plausible_answers
from survey.rendering import Filling, environment
from survey.route import Route
from survey.screens import STATIC, Screens, Site, draw_notice
from survey.showing import page_filling, review_filling, texts_filling
from survey.shuffles import page_name
from survey.study import Access
from survey.theme import load_theme
from survey.translation import SOURCE, catalogue
from survey.voices import Voice

STATES: Mapping[str, str] = {"empty": "leer", "filled": "ausgefüllt", "errors": "mit Fehlern"}
"""How a screen can be filled: name in addresses, name in the list."""

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Screen:
    """One line of the list: what the address calls it, its title and its states."""

    name: str
    title: str
    states: tuple[str, ...]


class Preview:
    """All screens of a questionnaire, each drawn from its address alone."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = _without_rules(questionnaire)
        self.screens = Screens(self.questionnaire, load_theme())

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of all languages."""
        return self.questionnaire.languages

    @cached_property
    def all_screens(self) -> tuple[Screen, ...]:
        """All screens in the order in which a respondent meets them."""
        study, instrument = self.questionnaire.study, self.questionnaire.instrument
        with_code = study.access is Access.CODES
        pages = [
            Screen(f"page-{place}", _title(place, page), self._states(place - 1))
            for place, page in enumerate(instrument.pages, start=1)
        ]
        texts = [Screen("texts", "Liste der Texte", ("empty",))] if instrument.texts else []
        wrong_code = ("empty", "errors") if with_code else ("empty",)
        last = ("code", "Code nicht gültig") if with_code else ("counted", "Schon abgesendet")
        return (
            Screen("start", "Startseite", wrong_code),
            *texts,
            *pages,
            Screen("review", "Prüfen und absenden", ("empty", "filled")),
            Screen("thanks", "Dank", ("empty",)),
            Screen(*last, ("empty",)),
            Screen("waiting", "Noch nicht begonnen", ("empty",)),
            Screen("closed", "Beendet", ("empty",)),
        )

    def orders(self, name: str) -> int:
        """In how many orders a screen can be shown; 1 where nothing is shuffled."""
        instrument = self.questionnaire.instrument
        if name.startswith("page-"):
            page = instrument.pages[int(name.removeprefix("page-")) - 1]
            here = {item.id for item in page.items if item.shuffle} | {page_name(page.id)}
        else:
            here = {s.name for s in instrument.shuffles if ":" in s.name and name == "review"}
        return max((len(s.orders) for s in instrument.shuffles if s.name in here), default=1)

    def draw(self, tag: str, name: str, state: str, order: int = 0) -> str:
        """A screen as HTML, in one of its orders; raises ``KeyError`` for one there is not."""
        known = {screen.name: screen.states for screen in self.all_screens}
        if tag not in self.languages or state not in known[name]:
            raise KeyError(name)
        if name.startswith("page-"):
            return self._page(tag, int(name.removeprefix("page-")) - 1, state, order)
        return self.screens.draw(name, self._filling(tag, name, state, order), tag).decode()

    def beside(self, name: str, step: int) -> str:
        """The name of the screen before (-1) or behind (1) another; the ends stay."""
        names = [screen.name for screen in self.all_screens]
        return names[min(max(names.index(name) + step, 0), len(names) - 1)]

    def _states(self, place: int) -> tuple[str, ...]:
        items = self.questionnaire.instrument.pages[place].items
        if not any(item.asks for item in items):
            return ("empty",)
        page, language = self.questionnaire.instrument.pages[place], self.languages[0]
        faulty = read_page(page, faulty_form(items), language).mistakes
        return ("empty", "filled", "errors") if faulty else ("empty", "filled")

    def _route(
        self, voice: Voice, place: int, *, filled: bool, order: int, text: str = ""
    ) -> Route:
        tag, instrument = voice.language.tag, voice.instrument
        answers = plausible_answers(instrument.items, tag) if filled else {}
        if instrument.texts and not text:
            text = instrument.texts[0].id
        orders = {s.name: order % len(s.orders) for s in instrument.shuffles}
        state = PageState("preview", tag, place, answers=answers, orders=orders, text=text)
        return Route(instrument, state)

    def _page(self, tag: str, place: int, state: str, order: int) -> str:
        voice = self.screens.voice(tag)
        page = voice.instrument.pages[place]
        # Earlier answers that a text mentions are filled in wherever the page itself is.
        route = self._route(voice, place, filled=state != "empty", order=order, text=page.text)
        values = shown(page.items, route.answers) if state == "filled" else {}
        mistakes: Mapping[str, str] = {}
        if state == "errors":
            form = faulty_form(page.items)
            values, mistakes = submitted(page, form), read_page(page, form, tag).mistakes
        filling = page_filling(route, voice, values, {"state": "preview"}, mistakes)
        return self.screens.draw_page(place, filling, tag).decode()

    def _filling(self, tag: str, name: str, state: str, order: int) -> Filling:
        voice, texts = self.screens.voice(tag), {"state": "preview"}
        if name == "review":
            route = self._route(voice, 0, filled=state == "filled", order=order)
            return review_filling(route, voice, texts)
        if name == "texts":
            return texts_filling(PageState("preview", tag), voice, texts)
        if state == "errors":
            _ = catalogue(tag).gettext
            sentence = _(
                "Im Zugangscode ist ein Tippfehler. Bitte vergleichen Sie ihn mit Ihrer Karte."
            )
            return Filling(values={"code": ["ABCD"]}, mistakes={"code": sentence})
        return Filling()


def _title(place: int, page: Page) -> str:
    block = f" (Block {page.block})" if page.block else ""
    return f"Seite {place}: {page.title}{block}"


def create_preview(questionnaire: Questionnaire) -> Flask:
    """The application that shows one questionnaire; it keeps and writes nothing."""
    app, preview = Flask(__name__, static_folder=None, template_folder=None), Preview(questionnaire)
    app.after_request(protect)
    app.add_url_rule("/", view_func=_index(preview), endpoint="index")
    app.add_url_rule(f"{STATIC}<name>", view_func=_static, endpoint="static_file")
    app.add_url_rule("/s/<_study>/promise", view_func=_promise, endpoint="promise")
    app.add_url_rule("/s/<_study>/", view_func=_start(preview), endpoint="start")
    app.add_url_rule(
        "/<tag>/<name>/<state>",
        view_func=_screen(preview),
        endpoint="screen",
        methods=["GET", "POST"],
    )
    return app


def _index(preview: Preview) -> Callable[[], Response]:
    def index() -> Response:
        return Response(_page_of_links(preview))

    return index


def _promise(_study: str) -> Response:
    """Stands in for the sheet, which needs key holders and the place of the urn."""
    title = "Dieses Blatt entsteht mit der Umfrage"
    text = "Es nennt die Schlüsselpersonen und die Einrichtung des Servers."
    return Response(draw_notice(load_theme(), title, text))


def _start(preview: Preview) -> Callable[[str], BaseResponse]:
    def start(_study: str) -> BaseResponse:
        tag = request.args.get("lang", preview.languages[0])
        return redirect(_address(tag, "start", "empty"))

    return start


def _screen(preview: Preview) -> Callable[[str, str, str], BaseResponse]:
    def screen(tag: str, name: str, state: str) -> BaseResponse:
        # The start page links its languages as ?lang=…
        if asked := request.args.get("lang"):
            return redirect(_address(asked, name, state))
        try:
            if request.method == "POST":
                return _turned(preview, tag, name, state)
            asked = request.args.get("order", "")
            order = int(asked) - 1 if re.fullmatch("[1-8]", asked) else 0
            page = preview.draw(tag, name, state, order)
            return Response(_marked(page, order, preview.orders(name)))
        except KeyError:
            abort(404)

    return screen


def _turned(preview: Preview, tag: str, name: str, state: str) -> BaseResponse:
    """Where a button leads; what was typed is not even read."""
    action, _, detail = request.form.get("go", "").partition(":")
    if action == "lang":
        return redirect(_address(detail, name, state), 303)
    if action in ("up", "down", "clear"):
        return redirect(_address(tag, name, state), 303)
    target = preview.beside(name, -1 if action == "back" else 1)
    states = next(s.states for s in preview.all_screens if s.name == target)
    return redirect(_address(tag, target, state if state in states else states[0]), 303)


def _static(name: str) -> Response:
    content = load_theme().files.get(name)
    if content is None:
        abort(404)
    kind = next((kind for end, kind in _TYPES.items() if name.endswith(end)), "font/woff2")
    return Response(content, mimetype=kind)


def _address(tag: str, name: str, state: str) -> str:
    return f"/{tag}/{name}/{state}"


def _marked(page: str, order: int, orders: int) -> str:
    """A screen under a banner that says what it is, and in which of its orders it is shown."""
    banner = _rendered("banner", link=True, order=order % orders, orders=orders)
    return page.replace("</header>", banner + "</header>", 1)


def _page_of_links(preview: Preview) -> str:
    """The list of all screens, languages and states."""
    return _rendered(
        "index",
        link=False,
        orders=1,
        site=Site.of(load_theme()),
        title=preview.questionnaire.study.title,
        screens=preview.all_screens,
        languages=[preview.questionnaire.language(tag) for tag in preview.languages],
        states=STATES,
    )


def _rendered(name: str, **context: object) -> str:
    return environment(SOURCE).get_template(f"preview/{name}.html").render(**context)


def _without_rules(questionnaire: Questionnaire) -> Questionnaire:
    tracks = tuple(
        replace(track, instrument=_all_shown(track.instrument)) for track in questionnaire.tracks
    )
    instrument = _all_shown(questionnaire.instrument)
    return replace(questionnaire, instrument=instrument, tracks=tracks)


def _all_shown(instrument: Instrument) -> Instrument:
    """The instrument without conditions, so that every question can be looked at."""
    pages = tuple(
        replace(page, when=None, items=tuple(item.replaced(when=None) for item in page.items))
        for page in instrument.pages
    )
    return replace(instrument, pages=pages)
