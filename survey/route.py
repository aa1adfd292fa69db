"""The way of one respondent: which pages there are for these answers, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from survey.instrument import Instrument, Page
from survey.items.base import Answer
from survey.page_state import REVIEW, TEXTS, PageState
from survey.ways import Way


@dataclass(frozen=True)
class Route:
    """The pages that are shown for the answers of a state, by their place in the instrument.

    Every page holds only the items that are shown.
    """

    instrument: Instrument
    state: PageState

    @cached_property
    def _seen(self) -> Way:
        state = self.state
        return self.instrument.way(state.answers, state.orders, text=state.text)

    def at(self, state: PageState) -> Route:
        """The route of a state with these answers on another page: the way is known already."""
        other = Route(self.instrument, state)
        other.__dict__["_seen"] = self._seen
        return other

    @property
    def pages(self) -> Mapping[int, Page]:
        """The shown pages in the order in which they are shown, and so their items."""
        return self._seen.pages

    @property
    def shown(self) -> frozenset[str]:
        """Ids of the shown items."""
        return self._seen.shown

    @cached_property
    def _way(self) -> tuple[int, ...]:
        """The places of the shown pages in the order in which they are shown."""
        return tuple(self.pages)

    @cached_property
    def _behind(self) -> tuple[int, ...]:
        """The pages that come before this one."""
        if self.state.page == REVIEW:
            return self._way
        if self.state.page == TEXTS:
            return ()
        order = self._seen.order
        seen = set(order[: order.index(self.state.page)])
        return tuple(place for place in self._way if place in seen)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers without those of items that are not shown."""
        return {id: answer for id, answer in self.state.answers.items() if id in self.shown}

    @property
    def orders(self) -> dict[str, int]:
        """The orders of the lists, pages and blocks of which something is shown."""
        seen = {
            shuffle.name
            for shuffle in self.instrument.shuffles
            if any(item.id in self.shown for item in shuffle.items)
        }
        return {name: order for name, order in self.state.orders.items() if name in seen}

    @property
    def step(self) -> int:
        """How many pages one has seen, this one included."""
        return len(self._behind) + (self.state.page in self.pages)

    @property
    def before(self) -> int:
        """The page that "back" leads to; without one the list of texts, or this page."""
        if self._behind:
            return self._behind[-1]
        return TEXTS if self.instrument.texts else self.state.page

    @property
    def first(self) -> int:
        """The first page."""
        return next(iter(self._way), REVIEW)

    def onward(self) -> PageState:
        """The state on the next page, or on the review behind the last."""
        later = [p for p in self._way if p not in self._behind and p != self.state.page]
        return replace(self.state, page=next(iter(later), REVIEW))

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
