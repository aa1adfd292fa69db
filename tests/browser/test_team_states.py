"""The room's pages after something went wrong, and all of them by the Tab key alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser.test_team_room import PAGES, Office, faults, office
from playwright.sync_api import Page

__all__ = ["office"]

NUMBERED = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, "
    + "[tabindex='0']";
  const groups = new Set();
  let count = 0;
  for (const one of document.querySelectorAll(all)) {
    if (!one.checkVisibility() || one.disabled || one.tabIndex < 0) continue;
    if (one.type === "radio" && groups.has(one.name)) continue;
    if (one.type === "radio") groups.add(one.name);
    one.dataset.tabNumber = String(count++);
  }
  return count;
}"""
"""Numbers everything that can be used; of radio buttons one for each group. How many there are."""

HERE = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const group = one.type === "radio"
    ? document.querySelector(`[name="${one.name}"][data-tab-number]`) : one;
  const ring = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return [group?.dataset.tabNumber ?? "", ring || one.type === "file", one.outerHTML.slice(0, 90)];
}"""


def refused(page: Page, office: Office, folder: Path) -> None:
    """Paper of one person only."""
    page.goto(f"{office.url}studies/ended/fieldwork")
    for name in ("one", "two"):
        page.fill(f"#{name}", "Erste")
    press(page, "Vergleichen und eingeben")


def differing(page: Page, office: Office, folder: Path) -> None:
    """Paper that two people have typed differently."""
    page.goto(f"{office.url}studies/ended/fieldwork")
    with page.expect_download() as download:
        page.get_by_role("link", name="Leere Tabelle herunterladen").click()
    head = Path(download.value.path()).read_text("utf-8-sig").strip()
    names = head.split(",")
    for field, mood in (("first", "good"), ("second", "poor")):
        row = dict.fromkeys(names, "") | {names[0]: "1", "mood": mood}
        (folder / f"{field}.csv").write_text(f"{head}\n{','.join(row.values())}\n", "utf-8")
        page.set_input_files(f"#{field}", folder / f"{field}.csv")
    page.fill("#one", "Erste")
    page.fill("#two", "Zweite")
    press(page, "Vergleichen und eingeben")
    assert "1 Unterschiede" in page.get_by_role("alert").inner_text()


def unreadable(page: Page, office: Office, folder: Path) -> None:
    """Files that are no tables of paper."""
    page.goto(f"{office.url}studies/ended/fieldwork")
    (folder / "x.csv").write_text("falsch;ganz\n1;2\n", "utf-8")
    for field in ("first", "second"):
        page.set_input_files(f"#{field}", folder / "x.csv")
    page.fill("#one", "Erste")
    page.fill("#two", "Zweite")
    press(page, "Vergleichen und eingeben")
    assert "Es wurde nichts gespeichert" in page.get_by_role("alert").inner_text()


def foreign(page: Page, office: Office, folder: Path) -> None:
    """A page of another role."""
    page.goto(f"{office.url}log")
    assert "nicht zu Ihren Aufgaben" in page.get_by_role("heading", level=1).inner_text()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("state", [refused, differing, unreadable, foreign])
def test_what_went_wrong_is_told_accessibly(
    office: Office, tab: Callable[..., Page], tmp_path: Path, state: Callable[..., None]
) -> None:
    page = tab(1280)
    office.enter(page, "fieldwork")
    state(page, office, tmp_path)
    assert faults(page, state.__name__) == []


def test_folded_lists_of_files_are_accessible_when_they_are_open(
    office: Office, tab: Callable[..., Page]
) -> None:
    folder = office.room.home.dossiers / "built"
    for number in range(5):
        (folder / f"dienststelle-built-{number}.pdf").write_bytes(b"pdf")
    page = tab(1280)
    office.enter(page, "reporter")
    page.goto(f"{office.url}studies/built/results")
    for summary in page.locator("summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    assert page.get_by_role("link", name="dienststelle-built-4.pdf").first.is_visible()
    assert faults(page, "open lists") == []


@pytest.mark.full
def test_everything_on_every_page_is_reached_by_tab_alone_and_seen_to_be(
    office: Office, tab: Callable[..., Page]
) -> None:
    wrong = []
    for role in dict.fromkeys(role for role, _ in PAGES):
        page = tab(1280)
        office.enter(page, role)
        for address in (address for one, address in PAGES if one == role):
            page.goto(f"{office.url}{address.partition('#')[0]}")
            wanted = {str(number) for number in range(page.evaluate(NUMBERED))}
            seen: dict[
                str, str
            ] = {}  # a date has several stops, one of them with a ring of its own
            for _ in range(len(wanted) + 12):
                page.keyboard.press("Tab")
                number, ring, what = page.evaluate(HERE)
                wanted.discard(number)
                seen[number] = "" if ring or seen.get(number) == "" else what
            seen.pop("", None)
            wrong += [(address, "no ring", what) for what in seen.values() if what]
            if wanted:
                wrong.append((address, "not reached", ", ".join(sorted(wanted))))
    assert wrong == [], "\n".join(map(str, wrong))
