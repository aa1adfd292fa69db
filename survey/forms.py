"""From a posted page to plain answers: WTForms binds and validates, and draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from survey.form_body import first_values
from survey.instrument import Page
from survey.items.base import Answer, Item
from survey.translation import in_words, spoken

Values = dict[str, list[str]]
"""Submitted strings by HTML name."""


class _Meta(DefaultMeta):
    """WTForms without CSRF tokens: there is no session that a token could belong to."""

    csrf = False

    def __init__(self, language: str) -> None:
        self.locales = [language]


@cache
def _meta(language: str) -> _Meta:
    """One per language, because it keeps the translations that it has loaded."""
    return _Meta(language)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a posted page says: answers of its items, or why some cannot be taken.

    ``values`` are the strings as submitted, for a page with mistakes, which shows them again.
    """

    answers: Mapping[str, Answer]
    mistakes: Mapping[str, str]
    values: Values = field(default_factory=dict)

    def merged(self, before: Mapping[str, Answer], page: Page) -> dict[str, Answer]:
        """The answers of all pages after this one was read."""
        kept = {id: answer for id, answer in before.items() if id not in page.ids}
        kept.update(self.answers)
        return kept


def read_page(page: Page, posted: MultiDict[str, str], language: str) -> Reading:
    """The answers of one page's items, each judged by the item itself."""
    sent = first_values(posted)
    if (plain := _plain_answers(page, sent)) is not None:
        return Reading(plain, {})
    judged = [item for item, codes in page.settled if sent.get(item.id) not in codes]
    data, fields = _offered(judged, sent)
    errors: Mapping[str, Any] = {}
    if fields:
        form = BaseForm(fields, meta=_meta(spoken(language)))
        form.process(posted)
        form.validate()
        # WTForms puts both together anew whenever they are asked for.
        data, errors = data | form.data, form.errors
    answers: dict[str, Answer] = {}
    mistakes: dict[str, str] = {}
    for item, codes in page.settled:
        code = sent.get(item.id)
        if code in codes:
            if code:
                answers[item.id] = code
            continue
        # Most pages have nothing for the form library to object to.
        found = _mistakes(item, data, errors) if errors else item.form_mistakes(data)
        answer = None if found else item.read(data)
        if answer is not None and (wrong := item.mistakes(answer)):
            found = {item.id: wrong[0]}
        if found:
            mistakes |= {name: in_words(sentence, language) for name, sentence in found.items()}
        elif answer is not None:
            answers[item.id] = answer
    return Reading(answers, mistakes, submitted(page, posted) if mistakes else {})


def _plain_answers(page: Page, sent: Mapping[str, str]) -> dict[str, Answer] | None:
    """The answers if each is one code that the page has offered, or none; None otherwise."""
    answers: dict[str, Answer] = {}
    for item, codes in page.settled:
        code = sent.get(item.id)
        if code not in codes:
            return None
        if code:
            answers[item.id] = code
    return answers


def _offered(
    items: Sequence[Item], sent: Mapping[str, str]
) -> tuple[dict[str, str | None], dict[str, Any]]:
    """What needs no judgement, and the fields that do.

    A code that the page has offered is taken as it stands: to bind and validate one radio field
    costs more than to draw its whole question. So are words, whose fields say nothing but their
    name. Several choices, and whatever a page of ours cannot send, are WTForms' to judge.
    """
    plain: dict[str, str | None] = {}
    fields: dict[str, Any] = {}
    for item in items:
        sendable, worded = item.sendable, item.worded
        for name, unbound in item.form_fields.items():
            code = sent.get(name)
            if name in worded or (name in sendable and (code is None or code in sendable[name])):
                plain[name] = code
            else:
                fields[name] = unbound
    return plain, fields


def _mistakes(item: Item, data: Mapping[str, Any], errors: Mapping[str, Any]) -> dict[str, str]:
    named = item.form_fields if errors else ()
    found = {name: str(errors[name][0]) for name in named if errors.get(name)}
    return found or dict(item.form_mistakes(data))


def submitted(page: Page, posted: MultiDict[str, str]) -> Values:
    """The posted strings of a page's items, unread."""
    return {name: posted.getlist(name) for name in page.names if name in posted}


def shown(items: Sequence[Item], answers: Mapping[str, Answer]) -> Values:
    """The strings that show stored answers again."""
    values: Values = {}
    for item in items:
        if item.id in answers:
            values |= {name: list(texts) for name, texts in item.write(answers[item.id]).items()}
    return values
