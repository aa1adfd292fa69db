"""Every control of the shipped studies has a name of its own, as a screen reader tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from browser.states import SHIPPED, shipped, shipped_states
from playwright.sync_api import Page

Named = tuple[str, str, str]
"""Role, name, and the names of the groups around it."""

CONTROLS = {"button", "checkbox", "combobox", "radio", "spinbutton", "textbox"}
GROUPS = {"group", "radiogroup"}


def controls(page: Page) -> list[Named]:
    """All controls in the accessibility tree of a page."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def called(node: dict[str, Any]) -> str:
        return str(node.get("name", {}).get("value", "")).strip()

    def around(node: dict[str, Any]) -> str:
        names, at = [], by_id.get(node.get("parentId", ""))
        while at is not None:
            if not at["ignored"] and at["role"]["value"] in GROUPS:
                names.append(called(at))
            at = by_id.get(at.get("parentId", ""))
        return " < ".join(names)

    return [
        (node["role"]["value"], called(node), around(node))
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in CONTROLS
    ]


def check_names(page: Page, state: str) -> int:
    """Every control has a name: buttons one for themselves, all others one in their group."""
    page.evaluate("document.querySelectorAll('.clear').forEach(e => { e.hidden = false })")
    found = controls(page)
    assert [one for one in found if not one[1]] == [], state
    alone = Counter(
        (role, name) if role == "button" else (role, name, groups) for role, name, groups in found
    )
    assert [one for one, count in alone.items() if count > 1] == [], state
    assert all(groups for role, _, groups in found if role == "radio"), state
    return len(found)


@pytest.mark.parametrize("study", SHIPPED)
def test_no_two_controls_of_a_page_have_the_same_name(
    study: str, serve: Callable[..., Any], tab: Callable[..., Page]
) -> None:
    served = serve(shipped(study))
    page = tab(320)
    seen = [check_names(page, state) for state in shipped_states(served, page, "de")]
    assert sum(seen) > 40


def test_two_controls_with_one_name_would_be_found(
    serve: Callable[..., Any], tab: Callable[..., Page]
) -> None:
    served = serve(shipped("public"))
    page = tab(320)
    page.goto(served.url)
    page.evaluate(
        "() => [1, 2].forEach(() => document.querySelector('main').append("
        "Object.assign(document.createElement('button'), {textContent: 'Los'})))"
    )
    with pytest.raises(AssertionError, match="Los"):
        check_names(page, "start")
