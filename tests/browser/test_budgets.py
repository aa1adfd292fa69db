"""Bytes and requests of the shipped studies as a browser counts them; never the time."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from browser.states import SHIPPED, shipped, shipped_states
from playwright.sync_api import Page, Request

from survey.questionnaire import Bundle
from survey.web_font import FAMILY, KERN_FONT

FIRST_REQUESTS, FIRST_BYTES = 4, 46_000
FONT_REQUESTS, FONT_BYTES = 2, 30_000
"""What an installation with KERN's typeface adds to a first visit, and to no other page."""
BARE_BYTES, WIRE_BYTES = 12_000, 64_000
STATE = re.compile(rb'name="state" value="[^"]*"')


FETCHED = """() => performance.getEntriesByType("resource")
    .filter(entry => entry.transferSize > 0).map(entry => entry.name)"""
"""Addresses of what a page fetched beside itself, not counting the browser's cache."""


LOADED = "[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)"


def wire(request: Request) -> int:
    """Bytes of a response as they travelled, headers included."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


@pytest.mark.parametrize("study", SHIPPED)
def test_every_visit_of_a_shipped_study_stays_within_its_budget(
    study: str, serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    visit(serve(shipped(study)), tab(), FIRST_REQUESTS, FIRST_BYTES)


def test_with_the_typeface_of_kern_a_first_visit_is_larger_and_no_later_one(
    serve: Callable[..., Any], tab: Callable[..., Page]
) -> None:
    served, page = serve(shipped("staff"), font=KERN_FONT), tab()
    requests = visit(served, page, FIRST_REQUESTS + FONT_REQUESTS, FIRST_BYTES + FONT_BYTES)
    fonts = {url for url in requests if url.endswith(".woff2")}
    assert len(fonts) == FONT_REQUESTS
    assert {url.split("/")[2] for url in requests} == {served.url.split("/")[2]}
    page.goto(served.url)
    used = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert len(used) == FONT_REQUESTS
    assert {family.strip('"') for family in used} == {FAMILY}


def visit(served: Any, page: Page, most_requests: int, most_bytes: int) -> set[str]:
    """Everything that a whole visit has fetched, each step within its budget."""
    requests = list[Request]()
    page.on("requestfinished", lambda request: requests.append(request))
    states = shipped_states(served, page, "de")
    next(states)
    page.wait_for_load_state("networkidle")
    assert len(requests) <= most_requests, [request.url for request in requests]
    assert sum(map(wire, requests)) <= most_bytes
    assert page.evaluate(FETCHED) != []
    known = {request.url for request in requests}
    requests.clear()
    for state in states:
        page.wait_for_load_state("networkidle")
        documents = [one for one in requests if one.resource_type == "document"]
        assert len(documents) == 1, state
        response = documents[0].response()
        assert response is not None
        assert wire(documents[0]) <= WIRE_BYTES, state
        assert len(gzip.compress(STATE.sub(b"", response.body()))) <= BARE_BYTES, state
        fetched = page.evaluate(FETCHED)
        assert not set(fetched) & known, f"{state}: what carries its hash is not fetched twice"
        known |= set(fetched)
        requests.clear()
    return known
