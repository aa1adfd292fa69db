"""What a posted step is answered with, before a web framework makes a response of it."""

from __future__ import annotations

from typing import NamedTuple


class Reply(NamedTuple):
    """A whole page in UTF-8 and its HTTP status; a page of ours has no other headers of its own."""

    page: bytes
    status: int = 200
    retry_after: str = ""
    """Seconds until it makes sense to send the same again; empty where nobody is asked to."""
