"""The free texts of a data set, each question in a random order of its own.

Only the moderation of ``reports`` may import this module: what leaves the texts leaves them
as counted themes, as paraphrases, or as quotes that two people have released.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping

from survey.dataset import DAMAGE, DataSet
from survey.errors import SurveyError


def read_texts(data_set: DataSet) -> Mapping[str, tuple[str, ...]]:
    """The texts by question id; raises ``SurveyError`` if the file is damaged."""
    try:
        with zipfile.ZipFile(data_set.path) as parts:
            raw = json.loads(parts.read("texts.json"))
        return {id: tuple(str(text) for text in texts) for id, texts in raw.items()}
    except DAMAGE:
        raise SurveyError(f"the texts in {data_set.path} cannot be read") from None
