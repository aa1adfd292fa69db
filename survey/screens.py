"""All screens of a study in all its languages, rendered once; a request only fills their holes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from survey import duration
from survey.instrument import Page, Questionnaire
from survey.items.base import Item, Option
from survey.items.listed import in_order
from survey.languages import Language
from survey.orders import balanced_orders
from survey.prepared import Condition, Prepared
from survey.rendering import Filling, Parts, compile_page, fill
from survey.theme import Theme
from survey.translation import SOURCE, catalogue, interfaces, moment
from survey.voices import Voice
from survey.welcome import facts, promises, steps, voluntary

STATIC = "/static/"


@dataclass(frozen=True, slots=True)
class Site:
    """The addresses that pages link; ``path`` is where "back to the start" leads."""

    stylesheet: str
    script: str
    icon: str
    path: str = "/"

    @classmethod
    def of(cls, theme: Theme, path: str = "/") -> Site:
        """The addresses of a theme's files."""
        return cls(STATIC + theme.stylesheet, STATIC + theme.script, STATIC + theme.icon, path)


class Screens:
    """The screens of one study: start, pages, review, thanks and what goes wrong.

    Without a language, or with one that the study does not have, they are in its first.
    """

    def __init__(self, questionnaire: Questionnaire, theme: Theme) -> None:
        self._questionnaire = questionnaire
        self._theme = theme
        self._languages = questionnaire.languages
        self._voices: dict[str, Voice] = {}
        self._prepared: dict[tuple[str, str], Prepared] = {}

    def known(self, language: str) -> str:
        """The language if the study has it, otherwise the study's first."""
        return language if language in self._languages else self._languages[0]

    def voice(self, language: str = "") -> Voice:
        """The study in a language."""
        tag = self.known(language)
        if tag not in self._voices:
            self._voices[tag] = Voice.of(self._questionnaire, tag)
        return self._voices[tag]

    def path(self, language: str = "") -> str:
        """The address of the start page in a language."""
        tag = self.known(language)
        query = "" if tag == self._languages[0] else f"?lang={tag}"
        return f"/s/{self._questionnaire.study.id}/{query}"

    def draw(self, name: str, filling: Filling | None = None, language: str = "") -> bytes:
        """A screen by the name of its template, filled for one request, in UTF-8."""
        voice = self.voice(language)
        if (voice.language.tag, name) not in self._prepared:
            self._prepare(voice, name, name, _context(voice, name))
        return self._fill(voice, name, filling or Filling())

    def draw_page(self, place: int, filling: Filling, language: str = "") -> bytes:
        """A page of the questionnaire in UTF-8; places count from 0."""
        voice, name = self.voice(language), f"page {place}"
        if (voice.language.tag, name) not in self._prepared:
            self._prepare(voice, name, "page", {"page": voice.instrument.pages[place]})
        return self._fill(voice, name, filling)

    def prepare(self) -> None:
        """Make all that respondents come across on a way without hindrance, in all languages."""
        for tag in self._languages:
            for name in ("start", "review", "thanks"):
                self.draw(name, language=tag)
            for place in range(len(self._questionnaire.instrument.pages)):
                self.draw_page(place, Filling(), tag)

    def draw_promise(self, sheet: object, language: str = "") -> bytes:
        """The promise sheet, which was drawn up in this language."""
        voice = self.voice(language)
        site = Site.of(self._theme, self.path(language))
        tag, words = voice.language.tag, voice.words
        parts = compile_page(
            "promise.html",
            tag,
            voice=voice,
            language=voice.language,
            study=voice.study,
            words=words,
            site=site,
            sheet=sheet,
        )
        return fill(parts, Filling())

    def _prepare(self, voice: Voice, name: str, template: str, context: dict[str, object]) -> None:
        tag = voice.language.tag
        parts = compile_page(
            f"{template}.html",
            tag,
            voice=voice,
            language=voice.language,
            study=voice.study,
            words=voice.words,
            site=Site.of(self._theme, self.path(tag)),
            shown_orders=shown_orders,
            text_minutes=text_minutes(voice),
            **context,
        )
        self._prepared[tag, name] = Prepared.of(parts, always_shown(context.get("page")))

    def _fill(self, voice: Voice, name: str, filling: Filling) -> bytes:
        return self._prepared[voice.language.tag, name].fill(filling)


def always_shown(page: object) -> set[Condition]:
    """Where a page of the questionnaire is shown, so are its items without a rule."""
    if not isinstance(page, Page):
        return set()
    shown: set[Condition] = {
        ("not", f"hidden:{item.id}") for item in page.items if item.when is None
    }
    return shown if page.shuffle else {*shown, ("arranged", "items")}


def _context(voice: Voice, name: str) -> dict[str, object]:
    study = voice.study
    if name == "start":
        return {
            "purpose": study.purpose or study.welcome.get("purpose", ""),
            "voluntary": voluntary(study),
            "facts": facts(study, 0 if voice.instrument.texts else _minutes(voice)),
            "promises": promises(study),
            "steps": steps(study),
        }
    if name == "review":
        return {"pages": voice.instrument.pages}
    times = {"waiting": {"opens": study.opens}, "closed": {"closes": study.closes}}
    return {key: moment(time, study.language) for key, time in times.get(name, {}).items()}


def _minutes(voice: Voice, text: str = "") -> int:
    """The estimated minutes of the pages, or of those that belong to one text."""
    pages = [page for page in voice.instrument.pages if page.text == text]
    items = (item for page in pages for item in page.items)
    return duration.minutes(items, (page.intro for page in pages))


def text_minutes(voice: Voice) -> dict[str, int]:
    """The minutes of every text of a reading study: announced, or else estimated."""
    return {text.id: text.minutes or _minutes(voice, text.id) for text in voice.instrument.texts}


def shown_orders(item: Item, options: Sequence[Option]) -> Iterator[tuple[int, tuple[Option, ...]]]:
    """A list in each of its balanced orders with the order's index; as written if not shuffled."""
    if not item.shuffle:
        yield 0, tuple(options)
        return
    for index, order in enumerate(balanced_orders(item.list_length)):
        yield index, in_order(options, order)


@dataclass(frozen=True, slots=True)
class Interface:
    """The languages of pages that belong to no study: those that the interface speaks."""

    language: Language
    languages: tuple[Language, ...]

    @classmethod
    def of(cls, tag: str) -> Interface:
        """The interface in one of its languages; German comes first."""
        tags = sorted(interfaces(), key=lambda one: (one != SOURCE, one))
        return cls(Language(tag), tuple(map(Language, tags)))


@cache
def _general(template: str, site: Site, language: str) -> Parts:
    return compile_page(f"{template}.html", language, site=site, voice=Interface.of(language))


def draw_general(template: str, theme: Theme, filling: Filling, language: str = SOURCE) -> str:
    """A screen that belongs to no study: the list of studies, or that the urn does not answer."""
    return fill(_general(template, Site.of(theme), language), filling).decode()


def draw_notice(
    theme: Theme,
    title: str,
    *texts: str,
    path: str = "/",
    language: str = SOURCE,
    screen: str = "",
    switch: bool = False,
) -> str:
    """A screen with a heading and a few sentences of the interface, given in German.

    With ``switch`` it offers the other languages: by links, or by a form that names the
    ``screen`` where a form has led to it.
    """
    _ = catalogue(language).gettext
    parts = compile_page(
        "notice.html",
        language,
        site=Site.of(theme, path),
        title=_(title),
        texts=tuple(_(text) for text in texts),
        voice=Interface.of(language),
        screen=screen,
        switch=switch,
    )
    return fill(parts, Filling()).decode()
