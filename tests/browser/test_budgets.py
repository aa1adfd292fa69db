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

FIRST_REQUESTS, FIRST_BYTES = 4, 46_000
BARE_BYTES, WIRE_BYTES = 12_000, 64_000
STATE = re.compile(rb'name="state" value="[^"]*"')


FETCHED = """() => performance.getEntriesByType("resource")
    .filter(entry => entry.transferSize > 0).map(entry => entry.name)"""
"""Addresses of what a page fetched beside itself, not counting the browser's cache."""


def wire(request: Request) -> int:
    """Bytes of a response as they travelled, headers included."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


@pytest.mark.parametrize("study", SHIPPED)
def test_every_visit_of_a_shipped_study_stays_within_its_budget(
    study: str, serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(shipped(study))
    page, requests = tab(), list[Request]()
    page.on("requestfinished", lambda request: requests.append(request))
    states = shipped_states(served, page, "de")
    next(states)
    page.wait_for_load_state("networkidle")
    assert len(requests) <= FIRST_REQUESTS, [request.url for request in requests]
    assert sum(map(wire, requests)) <= FIRST_BYTES
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
