"""Rows on free texts: how many were sent and kept back, themes with counts, and agreement."""

from __future__ import annotations

from collections.abc import Iterator

from reports import typography
from reports.assembly.rows import Context
from reports.estimates import Estimate
from reports.tables import Themes
from survey.codebook import Question

OF_TEXTS = "Texte; eine Person kann mehrere Themen nennen"
TOGETHER = "zusammengefasste Themen, zu denen zu wenige schrieben"
ALPHA = "Übereinstimmung derer, die Themen vergeben haben (Krippendorffs Alpha)"
COUNTS = (("texts", "geschriebene Texte"), ("texts_withheld", "zurückgehaltene Texte"),
          ("texts_redacted", "Texte, aus denen Stellen herausgenommen sind"))  # fmt: skip


def text_rows(context: Context, question: Question) -> Iterator[Estimate]:
    """All rows on the texts of a question; none before anything is released."""
    found = context.release.texts.get(question.id)
    if found is None:
        return
    numbers = (found.texts, found.withheld, found.redacted)
    for (statistic, note), number in zip(COUNTS, numbers, strict=True):
        yield _row(context, found, statistic, number, None, note)
    for theme in found.themes:
        yield _row(context, found, "theme", theme.texts, found.coded, OF_TEXTS, theme.code)
    if found.others and found.other_texts is not None:
        note = f"{found.others} {TOGETHER}"
        yield _row(context, found, "theme_others", found.other_texts, found.coded, note)
    if found.alpha is not None:
        printed = typography.decimal(found.alpha, 2)
        yield _row(
            context, found, "theme_alpha", found.alpha, found.double_coded, ALPHA, "", printed
        )


def _row(
    context: Context,
    found: Themes,
    statistic: str,
    value: float,
    base: int | None,
    note: str,
    category: str = "",
    printed: str = "",
) -> Estimate:
    return Estimate(
        study=context.study,
        item=found.question.id,
        statistic=statistic,
        category=category,
        value=float(value),
        base_n=base,
        method="count" if not printed else "krippendorff",
        note=note,
        printed=printed or typography.count(int(value)),
    )
