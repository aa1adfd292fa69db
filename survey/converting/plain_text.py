"""Formatted texts of other tools as plain text, with the names of what is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

LONGEST = 20_000
"""Characters of one text that are read; a longer one is cut and noted."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--|&(?:#\w+|\w+);")
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset"}
    | {"figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p"}
    | {"pre", "section", "table", "tr", "ul"}
)
_LOST = {
    **dict.fromkeys(("b", "strong", "em", "i", "u", "mark", "font", "s", "strike"), "emphasis"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "sub", "sup", "center"), "emphasis"),
    **dict.fromkeys(("img", "picture", "svg", "canvas"), "picture"),
    **dict.fromkeys(("audio", "video", "source", "track"), "media"),
    **dict.fromkeys(("iframe", "frame", "object", "embed", "applet"), "embedded"),
    **dict.fromkeys(("table", "td", "th", "tr"), "table"),
    **dict.fromkeys(("script", "noscript"), "script"),
    **dict.fromkeys(("input", "button", "select", "textarea", "form"), "form"),
    "style": "emphasis",
}
_UNREAD = frozenset({"script", "style", "noscript", "template", "select", "textarea", "svg"})
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text and what was in it that plain text cannot hold."""

    text: str
    lost: frozenset[str] = frozenset()


def plain_text(raw: str) -> Plain:
    r"""The text without markup; paragraphs become lines.

    >>> plain_text("<p>Wie <b>gut</b>?</p><p>Heute&nbsp;</p>")
    Plain(text='Wie gut?\nHeute', lost=frozenset({'emphasis'}))
    """
    lost: set[str] = set()
    if len(raw) > LONGEST:
        raw = raw[:LONGEST]
        lost.add("length")
    if not _TAG.search(raw):
        return Plain(_tidy(raw), frozenset(lost))
    # Bytes, because a text may name an encoding that it is no longer in.
    content = _CONTROLS.sub("", raw).encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.fragment_fromstring(content, create_parent="div", parser=parser)
    except (etree.LxmlError, ValueError):
        return Plain(_tidy(_TAG.sub(" ", raw)), frozenset({*lost, "broken"}))
    return Plain(_tidy("".join(_pieces(root, lost))), frozenset(lost))


def _pieces(root: html.HtmlElement, lost: set[str]) -> Iterator[str]:
    """The texts in their order; notes what is lost on the way."""
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        if event == "start":
            if tag in _LOST:
                lost.add(_LOST[tag])
            if element.get("style"):
                lost.add("emphasis")
            unread += tag in _UNREAD
            if not unread:
                yield "\n– " if tag == "li" else "\n" if tag in _BLOCKS else ""
                yield str(element.get("alt") or "") if tag == "img" else ""
                yield str(element.text or "")
            continue
        if not unread:
            yield _address(element) if tag == "a" else "\n" if tag in _BLOCKS else ""
        unread -= tag in _UNREAD
        if not unread and element is not root:
            yield str(element.tail or "")


def _address(link: html.HtmlElement) -> str:
    """The address of a link in brackets, unless the text of the link says it already."""
    address = str(link.get("href") or "").strip()
    said = str(link.text_content())
    if not re.match(r"(https?://|mailto:)", address) or address.removeprefix("mailto:") in said:
        return ""
    return f" ({address.removeprefix('mailto:')})"


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in _CONTROLS.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    r"""A text without line breaks.

    >>> one_line("a\n b")
    'a b'
    """
    return " ".join(text.split())
