"""How fast one network may go: budgets in memory that slow down and never shut out.

A budget admits a burst and then one more every so often. Whoever is beyond it gets a ticket and
is let in with it a little later, so that a city hall behind one address waits, but answers.

No address is kept: a budget knows a network by a digest under a random key that lives in this
process for a day. Nothing of it is written anywhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

DAY = 86_400.0
SHORTEST_WAIT, LONGEST_WAIT = 5.0, 60.0
"""Seconds until a ticket is good."""
TICKET_LIFE = 900.0
"""Seconds for which a ticket is good."""
MOST_NETWORKS = 100_000
"""Networks that a budget tells apart; all others share one."""
_NONCE, _TIME = 12, struct.Struct(">d")


def network(remote: str, named: str, proxies: frozenset[str]) -> str:
    """The network of a request: 24 bits of an IPv4 address, 64 of an IPv6 address.

    ``named`` is the address that our own proxy has put into a header; it counts only if the
    request came from one of ``proxies`` (an empty string is a Unix socket).

    >>> here = frozenset({"127.0.0.1"})
    >>> network("127.0.0.1", "192.0.2.7", here), network("198.51.100.9", "192.0.2.7", here)
    ('192.0.2.0/24', '198.51.100.0/24')
    >>> network("127.0.0.1", "2001:db8::1", here), network("127.0.0.1", "nonsense", here)
    ('2001:db8::/64', '')
    """
    try:
        address = ipaddress.ip_address(named if named and remote in proxies else remote)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


@dataclass(frozen=True, slots=True)
class Budget:
    """A burst, and the seconds after which one more is admitted."""

    burst: int
    seconds: float


BEGIN, CODES = "begin", "codes"
BUDGETS: dict[str, Budget] = {BEGIN: Budget(240, 1.0), CODES: Budget(60, 2.0)}
"""What is limited: new page states of studies without codes, and codes that are not live.

At one code in two seconds, hitting one of 22,000 live codes of 60 bits takes a million years.
"""
LONGEST_FILL = 15


def shortest_fill(pages: int) -> int:
    """Seconds that a person needs at least for a way of so many pages, if only to turn them.

    >>> [shortest_fill(pages) for pages in (1, 8, 40)]
    [3, 10, 15]
    """
    return min(2 + pages, LONGEST_FILL)


@dataclass
class Pace:
    """The budgets of one process; safe to share between threads.

    Times are seconds of any clock that all processes share and that goes forward.
    """

    budgets: Mapping[str, Budget] = field(default_factory=lambda: dict(BUDGETS))
    _key: bytes = field(default=b"", repr=False)
    _key_until: float = 0.0
    _next: dict[tuple[str, bytes], float] = field(default_factory=dict, repr=False)
    _used: dict[bytes, float] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def take(self, name: str, network: str, now: float) -> float:
        """Spend one of a budget; seconds to wait, 0 if it was there.

        Source: the generic cell rate algorithm, ITU-T I.371, in its virtual-scheduling form.
        """
        with self._lock:
            wait = self._wait(name, network, now)
            if not wait:
                self._spend(name, network, now)
            return wait

    def wait(self, name: str, network: str, now: float) -> float:
        """Seconds until a budget admits one more, without spending it; 0 if it does."""
        with self._lock:
            return self._wait(name, network, now)

    def spend(self, name: str, network: str, now: float) -> None:
        """Spend one of a budget."""
        with self._lock:
            self._spend(name, network, now)

    def _wait(self, name: str, network: str, now: float) -> float:
        budget = self.budgets[name]
        due = self._next.get(self._known(name, network, now), now)
        wait = due - now - (budget.burst - 1) * budget.seconds
        return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT) if wait > 0 else 0.0

    def _spend(self, name: str, network: str, now: float) -> None:
        key = self._known(name, network, now)
        self._next[key] = max(self._next.get(key, now), now) + self.budgets[name].seconds

    def redeem(self, key: bytes, ticket: str, now: float) -> bool:
        """Whether a ticket of ours is good now; it is good once."""
        try:
            raw = base64.b64decode(ticket.encode("ascii"), altchars=b"-_", validate=True)
            plain = AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], b"ticket")
            (after,) = _TIME.unpack(plain)
        except (UnicodeError, binascii.Error, InvalidTag, ValueError, struct.error):
            return False
        with self._lock:
            if len(self._used) > MOST_NETWORKS:
                self._used = {nonce: end for nonce, end in self._used.items() if end > now}
            if not after <= now < after + TICKET_LIFE or raw[:_NONCE] in self._used:
                return False
            self._used[raw[:_NONCE]] = after + TICKET_LIFE
            return True

    def _known(self, name: str, network: str, now: float) -> tuple[str, bytes]:
        """Where a budget counts a network; the day's key is drawn here."""
        if now >= self._key_until:
            self._key, self._key_until = secrets.token_bytes(32), now + DAY
            self._next.clear()
        if len(self._next) >= MOST_NETWORKS:
            self._next = {key: due for key, due in self._next.items() if due > now}
        mark = hmac.digest(self._key, network.encode(), hashlib.sha256)[:16]
        full = len(self._next) >= MOST_NETWORKS and (name, mark) not in self._next
        return name, b"" if full else mark


def ticket(key: bytes, after: float) -> str:
    """A ticket that is good from a time on; it says nothing about who has it."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, _TIME.pack(after), b"ticket")
    return base64.urlsafe_b64encode(nonce + sealed).decode("ascii")
