"""The SVG of a figure without what only says how it was drawn.

matplotlib wraps every line in groups of its own, writes looks as style sheets and turns texts by
nothing. Whoever reads the file, a browser or the renderer of pages, works through all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml import ElementTree as Read

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"

_DROPPED = {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}
_UNTURNED = re.compile(r"rotate\(-?0(?:\.0*)? [^)]*\)")


def plain_svg(text: str) -> str:
    """The same picture with fewer elements and attributes in place of styles.

    >>> plain_svg(
    ...     '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><g id="b"/><path style="fill: none;'
    ...     ' stroke: #000" d="M 0 0"/></g></svg>'
    ... )
    '<svg xmlns="http://www.w3.org/2000/svg" stroke-linejoin="round"><path d="M 0 0" \
fill="none" stroke="#000" /></svg>'
    """
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = Read.fromstring(text)
    root[:] = [kept for child in root for kept in _plain(child)]
    # What the dropped style sheet said of everything.
    root.set("stroke-linejoin", "round")
    root.text = None
    return ElementTree.tostring(root, encoding="unicode")


def _plain(element: Element) -> Iterator[Element]:
    """What becomes of an element: itself, its children where it only wrapped them, or nothing."""
    looks = _looks(element.attrib.pop("style", ""))
    if element.tag in _DROPPED or looks.get("opacity") == "0":
        return
    element.attrib |= looks
    if _UNTURNED.fullmatch(element.get("transform", "")):
        del element.attrib["transform"]
    element.tail = None
    element[:] = [kept for child in element for kept in _plain(child)]
    if element.tag == f"{{{SVG}}}g" and not set(element.attrib) - {"id"}:
        yield from element
        return
    if len(element):
        element.text = None
    elif element.tag == f"{{{SVG}}}defs":
        return
    yield element


def _looks(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
