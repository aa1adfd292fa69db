"""What slows guessing down without giving anybody a way to lock others out.

Nothing is ever locked. A wrong password costs the *network* from which it was tried, for this
account; a browser in which the person has signed in before has tries of its own, which no
stranger can use up. Wrong codes of the second factor can only be tried by somebody who knows the
password: they are counted per account for unknown browsers, and the person is told of them.
"""

from __future__ import annotations

from reports.team.store import Store, new_token
from survey.pace import Budget, Pace

ACCOUNT, NETWORK, DEVICE = "account", "network", "device"
BUDGETS = {ACCOUNT: Budget(5, 60.0), NETWORK: Budget(50, 5.0), DEVICE: Budget(10, 30.0)}
"""Wrong passwords: per account and network, per network, per known browser."""
CODES_PER_HOUR = 10
DEVICE_LIFE = 180 * 86_400.0
_HOUR = 3600.0


def new_pace() -> Pace:
    """The budgets of one process."""
    return Pace(dict(BUDGETS))


def password_wait(pace: Pace, name: str, network: str, device: bool, now: float) -> float:
    """Seconds until a password of this account is looked at again, 0 if at once."""
    if device:
        return pace.wait(DEVICE, name, now)
    own = pace.wait(ACCOUNT, f"{name} {network}", now)
    return max(own, pace.wait(NETWORK, network, now))


def wrong_password(pace: Pace, name: str, network: str, device: bool, now: float) -> None:
    """Note a wrong password."""
    if device:
        pace.spend(DEVICE, name, now)
        return
    pace.spend(ACCOUNT, f"{name} {network}", now)
    pace.spend(NETWORK, network, now)


def code_allowed(store: Store, name: str, device: bool, now: float) -> bool:
    """Whether a code of the second factor is looked at: always in a known browser."""
    if device:
        return True
    with store.writing() as connection:
        connection.execute("DELETE FROM wrong_codes WHERE at < ?", (now - _HOUR,))
        query = "SELECT count(*) FROM wrong_codes WHERE user = ?"
        return int(connection.execute(query, (name,)).fetchone()[0]) < CODES_PER_HOUR


def wrong_code(store: Store, name: str, now: float) -> None:
    """Note a wrong code; the person is told at the next signing in."""
    with store.writing() as connection:
        connection.execute("INSERT INTO wrong_codes (user, at) VALUES (?, ?)", (name, now))
        connection.execute("UPDATE users SET failed = failed + 1 WHERE name = ?", (name,))


def take_failed(store: Store, name: str) -> int:
    """How many wrong codes were tried since the last signing in; counted anew from here."""
    with store.writing() as connection:
        row = connection.execute("SELECT failed FROM users WHERE name = ?", (name,)).fetchone()
        connection.execute("UPDATE users SET failed = 0 WHERE name = ?", (name,))
    return int(row["failed"]) if row else 0


def new_device(store: Store, name: str, now: float) -> str:
    """The word by which this browser is known from now on."""
    token = new_token()
    with store.writing() as connection:
        connection.execute("DELETE FROM devices WHERE until < ?", (now,))
        connection.execute(
            "INSERT INTO devices (digest, user, until) VALUES (?, ?, ?)",
            (store.digest("device", token), name, now + DEVICE_LIFE),
        )
    return token


def is_device(store: Store, name: str, token: str, now: float) -> bool:
    """Whether somebody has signed in to this account in this browser before."""
    if not token:
        return False
    with store.reading() as connection:
        query = "SELECT 1 FROM devices WHERE digest = ? AND user = ? AND until > ?"
        values = (store.digest("device", token), name, now)
        return connection.execute(query, values).fetchone() is not None
