"""A ranking without a title: its elements speak for it in the labels beside the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cityhall

from reports.label_book import label_book
from reports.releasing import file_results


def test_a_ranking_without_a_title_is_known_as_a_ranking(tmp_path: Path) -> None:
    book = cityhall.city_codebook()
    questions = tuple(replace(q, title="") if q.id == "r" else q for q in book.questions)
    path = tmp_path / "city.zip"
    frame = cityhall.city_frame()
    cityhall.store(
        path, cityhall.study(frame), replace(book, questions=questions), cityhall.city_columns()
    )
    labels = label_book(file_results(path, now=datetime(2026, 5, 4, tzinfo=UTC)))
    assert labels["ranking", "", "r"] == ("Was zuerst?",)
