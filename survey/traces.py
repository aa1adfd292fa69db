"""What a log may say about a defect: kinds and places, and not one word of a message.

The message of an exception often quotes the value that it stumbled over, and here values are
answers. The line of code and the kind of the error find the defect as well.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path


def outline(error: BaseException) -> str:
    """An error and what it was caused by: a line per kind, and one per place in the code.

    >>> try:
    ...     int("Brunnen")
    ... except ValueError as error:
    ...     print(outline(error).splitlines()[0])
    ValueError
    """
    return "\n".join(line for one in _chain(error) for line in _lines(one))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        hidden = error.__suppress_context__ or error.__cause__ is not None
        error = error.__cause__ if hidden else error.__context__


def _lines(error: BaseException) -> Iterator[str]:
    yield type(error).__name__
    for frame in traceback.extract_tb(error.__traceback__, limit=-20):
        place = "/".join(Path(frame.filename).parts[-3:])
        yield f"  {place}:{frame.lineno} {frame.name}"
