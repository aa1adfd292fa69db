"""The address of every number of a finished PDF, from the file and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from reports.errors import DossierError
from reports.pdf_text import PdfPage, pdf_pages, sources_of
from reports.published import joint_tracer, read_beside
from reports.tracing import Traced, Tracer


def trace_pdf(path: Path, beside: Path | None = None) -> Iterator[Traced]:
    """Every number of a PDF: page texts, chart texts and alternative texts.

    A number is about what its page names, or the page before it; in a list item it must be about
    what the item itself and the title name, because a page of findings names nearly everything.
    ``beside`` is the folder of table, codebook and constants (of both studies that a comparison
    names), the PDF's own if None. Raises ``DossierError`` where they or the PDF cannot be read.
    """
    pages = pdf_pages(path)
    sources = sources_of(pages)
    if not sources:
        raise DossierError(f"{path}: no page names a study and its data; is it a dossier?")
    folder = beside or path.parent
    tracer = joint_tracer(read_beside(folder, study, data) for study, data in sources)
    texts = ["", *(page.text for page in pages)]
    for (before, text), page in zip(pairwise(texts), pages, strict=True):
        where = f"page {page.number}"
        found = tuple(tracer.trace(text, [text, f"{before} {text}"], where, page.language))
        yield from found
        known = {traced.number for traced in found if not traced.earned}
        yield from (one for one in _in_items(tracer, page) if one.number not in known)
        for alternative in page.alternatives:
            around = f"{text} {alternative}"
            about = [around, f"{before} {around}"]
            yield from tracer.trace(alternative, about, f"{where} figure", page.language)


def _in_items(tracer: Tracer, page: PdfPage) -> Iterator[Traced]:
    """The numbers of list items that are about nothing that their own item names."""
    for item in page.items:
        about, where = f"{page.title} {item}", f"page {page.number}"
        found = tracer.trace(item, [about], where, page.language, nearest=False)
        yield from (traced for traced in found if not traced.earned)
