"""Access codes on paper: cards to cut and to draw from a box, or a letter for each.

Nothing on a card tells it from the next one but its code: no number, no group, no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey.key_sheet import picture
from survey.print_pdf import print_pdf, templates
from survey.stamping import specimens, stamped


class Form(StrEnum):
    """What is printed for each code."""

    CARDS = "cards"
    LETTERS = "letters"

    @property
    def per_page(self) -> int:
        """Codes on one page of A4."""
        return 10 if self is Form.CARDS else 1

    @property
    def per_file(self) -> int:
        """Codes in one file: few enough for one person to print and to pack."""
        return 500 if self is Form.CARDS else 250


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is printed around the code; ``address`` is the start page of the study.

    ``group`` is the name of a reporting group if the code counts for one, which has to be said.
    """

    title: str
    address: str
    sender: str = ""
    contact: str = ""
    closes: str = ""
    voluntary: str = ""
    demo: bool = False
    group: str = ""

    @property
    def shown_address(self) -> str:
        """The address as somebody types it."""
        return self.address.removeprefix("https://").removeprefix("http://").rstrip("/")

    @property
    def address_pieces(self) -> list[str]:
        """The shown address in pieces that must not be broken at a hyphen."""
        *front, last = self.shown_address.split("/")
        return [*(f"{piece}/" for piece in front), last]


def codes_pdf(drawn: Sequence[str], imprint: Imprint, form: Form) -> bytes:
    """The PDF of some codes in readable groups, in the order in which they come.

    The first and the last page are set, those in between are stamped.
    """
    pages = [drawn[start : start + form.per_page] for start in range(0, len(drawn), form.per_page)]
    shown = specimens(form.per_page)
    if len(pages) <= len(shown) + 2:
        return set_codes(pages, imprint, form)
    first, *between, last = pages
    few = set_codes([first, *shown, last], imprint, form)
    return stamped(few, 1, between, centred=form is Form.LETTERS)


def set_codes(pages: Sequence[Sequence[str]], imprint: Imprint, form: Form) -> bytes:
    """The PDF of some pages of codes, each of them set."""
    html = templates().get_template(f"print/{form.value}.html").render(pages=pages, imprint=imprint)
    style = templates().get_template(f"print/{form.value}.css").render()
    return print_pdf(html, style, {"start.png": picture(imprint.address)})
