"""All screens of a study, rendered once; a request only fills their holes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from survey.instrument import Questionnaire
from survey.items.base import Item, Option
from survey.items.listed import in_order
from survey.orders import balanced_orders
from survey.rendering import Filling, Parts, compile_page, fill
from survey.theme import Theme
from survey.translation import SOURCE, catalogue, moment
from survey.welcome import facts, promises, voluntary

STATIC = "/static/"


@dataclass(frozen=True, slots=True)
class Site:
    """The addresses that pages link; ``path`` is where "back to the start" leads."""

    stylesheet: str
    icon: str
    path: str = "/"

    @classmethod
    def of(cls, theme: Theme, path: str = "/") -> Site:
        """The addresses of a theme's files."""
        return cls(STATIC + theme.stylesheet, STATIC + theme.icon, path)


class Screens:
    """The screens of one study: start, pages, review, thanks and what goes wrong."""

    def __init__(self, questionnaire: Questionnaire, theme: Theme) -> None:
        self._questionnaire = questionnaire
        self._site = Site.of(theme, f"/s/{questionnaire.study.id}/")
        self._prepared: dict[str, Parts] = {}

    def draw(self, name: str, filling: Filling | None = None) -> str:
        """A screen by the name of its template, filled for one request."""
        return self._draw(name, self._context(name), filling or Filling())

    def draw_page(self, place: int, filling: Filling) -> str:
        """A page of the questionnaire; places count from 0."""
        pages = self._questionnaire.instrument.pages
        context = {"page": pages[place], "place": place + 1, "total": len(pages)}
        return self._draw("page", context, filling, f"page {place}")

    def _draw(
        self, template: str, context: dict[str, object], filling: Filling, name: str = ""
    ) -> str:
        name = name or template
        if name not in self._prepared:
            study = self._questionnaire.study
            self._prepared[name] = compile_page(
                f"{template}.html",
                study.language,
                study=study,
                site=self._site,
                shown_orders=shown_orders,
                **context,
            )
        return "".join(fill(self._prepared[name], filling))

    def _context(self, name: str) -> dict[str, object]:
        study = self._questionnaire.study
        if name == "start":
            return {
                "purpose": study.purpose or study.welcome.get("purpose", ""),
                "voluntary": voluntary(study),
                "facts": facts(study),
                "promises": promises(study),
            }
        if name == "review":
            return {"pages": self._questionnaire.instrument.pages}
        times = {"waiting": {"opens": study.opens}, "closed": {"closes": study.closes}}
        return {key: moment(time, study.language) for key, time in times.get(name, {}).items()}


def shown_orders(item: Item, options: Sequence[Option]) -> Iterator[tuple[int, tuple[Option, ...]]]:
    """A list in each of its balanced orders with the order's index; as written if not shuffled."""
    if not item.shuffle:
        yield 0, tuple(options)
        return
    for index, order in enumerate(balanced_orders(item.list_length)):
        yield index, in_order(options, order)


@cache
def _general(template: str, site: Site) -> Parts:
    return compile_page(f"{template}.html", SOURCE, site=site)


def draw_general(template: str, theme: Theme, filling: Filling) -> str:
    """A screen that belongs to no study: the list of studies, or that the urn does not answer."""
    return "".join(fill(_general(template, Site.of(theme)), filling))


def draw_notice(theme: Theme, title: str, *texts: str, path: str = "/") -> str:
    """A screen with a heading and a few sentences, in German."""
    _ = catalogue(SOURCE).gettext
    site = Site.of(theme, path)
    translated = tuple(_(text) for text in texts)
    return "".join(
        fill(
            compile_page("notice.html", SOURCE, site=site, title=_(title), texts=translated),
            Filling(),
        )
    )
