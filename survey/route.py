"""The way of one respondent: which pages there are for these answers, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from survey.instrument import Instrument, Page
from survey.items.base import Answer
from survey.page_state import REVIEW, TEXTS, PageState


@dataclass(frozen=True)
class Route:
    """The pages that are shown for the answers of a state, by their place in the instrument.

    Every page holds only the items that are shown.
    """

    instrument: Instrument
    state: PageState

    @cached_property
    def pages(self) -> Mapping[int, Page]:
        """The shown pages in order."""
        places = {page.id: place for place, page in enumerate(self.instrument.pages)}
        path = self.instrument.path(self.state.answers, text=self.state.text)
        return {places[page.id]: page for page in path}

    @cached_property
    def shown(self) -> frozenset[str]:
        """Ids of the shown items."""
        return frozenset(item.id for page in self.pages.values() for item in page.items)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers without those of items that are not shown."""
        return {id: answer for id, answer in self.state.answers.items() if id in self.shown}

    @property
    def orders(self) -> dict[str, int]:
        """The orders of the lists that are shown."""
        return {id: order for id, order in self.state.orders.items() if id in self.shown}

    @property
    def step(self) -> int:
        """How many pages one has seen, this one included."""
        return sum(place <= self.state.page for place in self.pages)

    @property
    def before(self) -> int:
        """The page that "back" leads to; without one the list of texts, or this page."""
        earlier = [place for place in self.pages if place < self.state.page]
        if self.state.page == REVIEW:
            return max(self.pages, default=REVIEW)
        start = TEXTS if self.instrument.texts else self.state.page
        return max(earlier, default=start)

    @property
    def first(self) -> int:
        """The first page."""
        return min(self.pages, default=REVIEW)

    def onward(self) -> PageState:
        """The state on the next page, or on the review behind the last."""
        later = [place for place in self.pages if place > self.state.page]
        return replace(self.state, page=min(later, default=REVIEW))

    def backward(self) -> PageState:
        """The state on the page before."""
        return replace(self.state, page=self.before)

    def returned(self, before: Route) -> PageState:
        """The state after a page was changed from the review.

        Pages that the change has brought up come first, then the review.
        """
        new = self.shown - before.shown
        ahead = tuple(
            place
            for place, page in self.pages.items()
            if place != self.state.page
            and (place in self.state.ahead or any(item.id in new for item in page.items))
        )
        if not ahead:
            return replace(self.state, page=REVIEW, returning=False, ahead=())
        return replace(self.state, page=ahead[0], returning=True, ahead=ahead[1:])
