"""What every part of a questionnaire is made of: frozen models, names, plain answers."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

Answer = str | list[str] | dict[str, str]
"""A plain answer; JSON holds it unchanged."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
CodeName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,31}$")]


class Model(BaseModel):
    """A frozen part of the questionnaire that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    words: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that a respondent reads, in the order of a translation file."""
