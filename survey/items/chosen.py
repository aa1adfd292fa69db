"""The form field of radio buttons and lists: one code out of those that were offered."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField
from wtforms.validators import Optional, ValidationError

NO_CHOICE = "Not a valid choice."
"""A sentence of the form library, which translates it itself; pages never offer such a value."""


class Chosen(RadioField):
    """One of some codes, looked up instead of compared with every choice.

    WTForms compares by way of what its widget would draw; no field of ours is ever drawn.
    """

    def pre_validate(self, form: object) -> None:
        """Refuse what is not on the list."""
        offered: Any = self.choices  # labels by code: every item hands out a mapping
        if self.data not in offered:
            raise ValidationError(self.gettext(NO_CHOICE))


def is_optional(field: Any) -> bool:
    """Whether an unbound field may stay empty, and nothing else is asked of it."""
    validators = field.kwargs.get("validators") or (field.args[1] if len(field.args) > 1 else ())
    return [type(validator) for validator in validators] == [Optional]
