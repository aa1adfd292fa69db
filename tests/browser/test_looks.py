"""What a device asks for: forced colours, more contrast, paper, large text, a small screen.

Whether something can be seen is judged by the pixels of a picture, because a style says nothing
about what a browser makes of it under forced colours.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.states import enter_all, fill, press, right, shipped, shipped_states, tick, wrong
from PIL import Image, ImageChops
from playwright.sync_api import Page
from respondent import journey_bundle, sample_bundle, types_bundle

from survey.questionnaire import read_bundle
from survey.translation import catalogue

Serve = Callable[..., Any]
Tab = Callable[..., Page]

SIGNS = (
    ".kern-icon, .kern-alert, main input, main select, main textarea, main .kern-btn, progress, "
    ".card.kern-form-input--error, .ranking .placed, .banner"
)
"""Everything whose border, ground or shape carries meaning."""
BOXES = """selector => [...document.querySelectorAll(selector)]
  .filter(e => e.type !== 'hidden' && e.checkVisibility() && !e.matches('.kern-sr-only'))
  .map(e => {
      const box = e.getBoundingClientRect();
      return [e.className + " " + (e.id || e.name || e.textContent.trim().slice(0, 20)),
              Math.round(box.left + scrollX) - 2, Math.round(box.top + scrollY) - 2,
              Math.round(box.right + scrollX) + 2, Math.round(box.bottom + scrollY) + 2];
  })"""
SEEN = 3.0
"""The contrast that WCAG 1.4.11 asks of what carries meaning."""
CUT_OFF = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && e.clientWidth > 0)
  .filter(e => !e.closest('.hidden, .kern-sr-only, .skip, .live, select, textarea, [type=text]'))
  .filter(e => {
      const style = getComputedStyle(e), button = e.tagName === 'BUTTON';
      return e.scrollWidth > e.clientWidth + 1 && (button || style.overflowX !== 'visible')
          || e.scrollHeight > e.clientHeight + 1 && style.overflowY !== 'visible';
  })
  .map(e => e.outerHTML.slice(0, 120))"""
"""Elements that hide a part of their own text."""


MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
    const style = getComputedStyle(e);
    return style.scrollBehavior === 'smooth' || parseFloat(style.transitionDuration) > .01
        || parseFloat(style.animationDuration) > .01;
}).map(e => e.outerHTML.slice(0, 120))"""
PRINTED = """all => all
    .filter(e => e.checkVisibility() && !e.closest('.trap'))
    .filter(e => !e.querySelector('label, legend, button, li, h2, h3'))
    .map(e => [...e.childNodes]
        .filter(n => n.nodeType === 3 || !n.matches('.hidden, .kern-sr-only'))
        .map(n => n.textContent).join(' '))
    .filter(text => text.trim())"""
"""The texts of what is printed of some elements, without what they hold of each other."""


def photo(page: Page) -> Image.Image:
    """A picture of the whole page."""
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance of a colour, as WCAG defines it."""
    parts = [c / 255 for c in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(picture: Image.Image) -> float:
    """The contrast between the lightest and the darkest colour of a picture."""
    found = picture.getcolors(picture.width * picture.height) or []
    lights = [luminance(colour) for _, colour in found]  # type: ignore[arg-type]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def unseen(page: Page, selector: str = SIGNS) -> list[str]:
    """What has no border, ground or shape that one could see."""
    picture = photo(page)
    boxes = page.evaluate(BOXES, selector)
    assert boxes
    return [name for name, *box in boxes if contrast(picture.crop(tuple(box))) < SEEN]


def wrong_pages(served: Any, page: Page) -> Iterator[str]:
    """Every page of a study with all types of questions, with every mistake."""
    instrument = read_bundle(types_bundle()).instrument
    page.goto(served.url)
    press(page, "begin")
    for one in instrument.pages:
        if mistakes := wrong(one.items):
            enter_all(page, mistakes)
            press(page, "next")
        yield one.id
        enter_all(page, right(one.items, "de"))
        press(page, "next")
    yield "review"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_no_sign_no_border_and_no_mark_disappears(
    scheme: str, serve: Serve, tab: Tab
) -> None:
    served = serve(types_bundle())
    page = tab(320, scheme=scheme, forced_colors="active", reduced_motion="reduce")
    lost = [(state, unseen(page)) for state in wrong_pages(served, page)]
    assert [(state, names) for state, names in lost if names] == []


def test_in_forced_colours_what_is_ticked_and_what_has_the_focus_looks_different(
    serve: Serve, tab: Tab
) -> None:
    served = serve(sample_bundle())
    (code,) = served.city.codes(1)
    page = tab(320, forced_colors="active", reduced_motion="reduce")
    page.goto(served.url)
    fill(page, code=code)
    press(page, "begin")
    for _ in range(3):
        press(page, "next")
    tick(page, "dept", "parks")
    tick(page, "places", "office")
    page.mouse.move(0, 0)
    for name in ("dept", "places"):
        boxes = page.evaluate(BOXES, f'input[name="{name}"]')
        picture = photo(page)
        ticked, empty = (picture.crop(tuple(box)) for _, *box in boxes[:2])
        assert differs(ticked, empty.resize(ticked.size)), name
    page.evaluate("document.activeElement.blur()")
    before = photo(page)
    seen = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => { const e = document.activeElement, b = e.getBoundingClientRect();"
            " return [e.tagName + ' ' + (e.type || ''), b.left + scrollX - 6, b.top + scrollY - 6,"
            " b.right + scrollX + 6, b.bottom + scrollY + 6] }"
        )
        if at[0] in seen or at[0] == "BODY ":
            continue
        seen.add(at[0])
        box = tuple(round(edge) for edge in at[1:])
        assert differs(photo(page).crop(box), before.crop(box)), at[0]
    assert {"INPUT radio", "INPUT checkbox", "BUTTON submit"} <= seen


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures differ in pixels that one can tell apart."""
    changed = ImageChops.difference(one, other).convert("L").point(lambda p: 255 if p > 60 else 0)
    return sum(changed.histogram()[1:]) > 12


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_more_contrast_every_text_has_seven_to_one(
    scheme: str, serve: Serve, tab: Tab
) -> None:
    served = serve(types_bundle())
    page = tab(320, scheme=scheme, contrast="more")
    faint: list[tuple[str, str]] = []
    for state in wrong_pages(served, page):
        found = Axe().run(page, options={"runOnly": {"type": "rule", "values": ENHANCED}})
        for fault in found.response["violations"]:
            faint += [(state, node["html"][:120]) for node in fault["nodes"]]
        assert unseen(page) == [], state
    assert faint == []


ENHANCED = ["color-contrast-enhanced"]


def test_with_reduced_motion_nothing_moves(serve: Serve, tab: Tab) -> None:
    served = serve(types_bundle())
    page = tab(320, reduced_motion="reduce")
    for state in wrong_pages(served, page):
        moving = page.evaluate(MOVING)
        assert moving == [], state


def test_on_paper_every_question_option_and_answer_stands_and_no_button(
    serve: Serve, tab: Tab, tmp_path: Path
) -> None:
    served = serve(types_bundle())
    instrument = read_bundle(types_bundle()).instrument
    page = tab(1280, scheme="dark")
    page.goto(served.url)
    press(page, "begin")
    long = "Ein langer Satz, der auf dem Papier ganz stehen soll. " * 9
    for one in instrument.pages:
        enter_all(page, right(one.items, "de"))
        for area in page.locator("textarea").all():
            area.fill(long[: 200 if one.id == "reading" else None].strip())
        check_paper(page, tmp_path / f"{one.id}.pdf")
        press(page, "next")
    text = check_paper(page, tmp_path / "review.pdf")
    assert catalogue("de").gettext("keine Antwort") not in text


TOLD = ", ".join(
    f"main {name}" for name in ("label", "legend", "h1", "h2", "h3", "li", "blockquote")
)


def check_paper(page: Page, path: Path) -> str:
    """The text of a printed page, which holds all that the page says and none of its buttons."""
    page.emulate_media(media="print")
    buttons = page.locator("button:visible, progress:visible, .languages:visible")
    assert buttons.count() == 0
    assert page.evaluate(CUT_OFF) == []
    clipped = page.evaluate(
        "() => [...document.querySelectorAll('textarea, input[type=text]')].filter(e =>"
        " e.checkVisibility() && (e.scrollHeight > e.clientHeight + 2"
        " || e.scrollWidth > e.clientWidth + 2)).map(e => e.name)"
    )
    assert clipped == []
    said = page.locator(TOLD).evaluate_all(PRINTED)
    typed = [e.input_value() for e in page.locator("textarea, input[type=text]:visible").all()]
    page.pdf(path=path, format="A4")
    page.emulate_media(media="screen")
    printed = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    text = bare(printed.stdout.decode())
    assert [one for one in [*said, *typed] if bare(one) not in text] == []
    return printed.stdout.decode()


def bare(text: str) -> str:
    """A text without blanks and hyphens, which a line break may add or take."""
    return "".join(text.replace("\u00ad", "").replace("-", "").replace("\u2010", "").split())


LARGE = "size => { document.documentElement.style.fontSize = size }"


def test_with_text_of_double_size_on_a_small_screen_nothing_is_cut_off(
    serve: Serve, tab: Tab
) -> None:
    served = serve(types_bundle())
    page = tab(320, scripts=True)
    for state in wrong_pages(served, page):
        page.evaluate(LARGE, "200%")
        assert page.evaluate(CUT_OFF) == [], state
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, state
        page.evaluate(LARGE, "")


PLACES = """() => [...document.querySelectorAll('.items > .item')].map(e => {
    const box = e.getBoundingClientRect();
    return [box.left, box.width, box.top + scrollY, e.classList.contains('told')];
})"""
CARDS = """() => [...document.querySelectorAll('.item .card fieldset')].map(e => {
    const box = e.getBoundingClientRect();
    const options = [...e.querySelectorAll('input[type=radio]')].map(one => one.parentElement);
    return [box.left, box.width, box.height, options.map(o => o.getBoundingClientRect().left)];
})"""


def test_a_phone_shows_one_block_at_a_time_and_every_row_of_a_grid_is_a_card_that_it_holds(
    serve: Serve, tab: Tab
) -> None:
    served = serve(shipped("staff"))
    page = tab(360)
    page.set_viewport_size({"width": 360, "height": 640})
    blocks = cards = 0
    for state in shipped_states(served, page, "de"):
        places = page.evaluate(PLACES)
        for (left, width, top, told), (_, _, following, _) in pairwise(places):
            blocks += 1
            assert [left, width] == places[0][:2], state
            assert told or following - top >= 0.8 * 640, state
        for left, width, height, controls in page.evaluate(CARDS):
            if controls:
                cards += 1
                assert height <= 640, state
                assert width >= 0.9 * (360 - 2 * left), state
                assert len(set(controls)) == 1, "options stand below each other"
    assert blocks > 3
    assert cards >= 8


def test_on_a_wide_screen_the_steps_of_a_scale_stand_side_by_side(serve: Serve, tab: Tab) -> None:
    served = serve(journey_bundle())
    for width, rows in ((768, 1), (1280, 1), (320, 4)):
        page = tab(width)
        page.goto(served.url)
        press(page, "begin")
        tick(page, "means", "bike")
        press(page, "next")
        press(page, "next")
        tops = page.locator(".scale .kern-form-check").evaluate_all(
            "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
        )
        assert len(set(tops)) == rows, width
