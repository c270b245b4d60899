"""The states of a class and which may follow which."""

from __future__ import annotations

# Closing and its undoing have services of their own; every other step goes through ``advance``.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "planned": ("nominating", "cancelled"),
    "nominating": ("confirmed", "cancelled"),
    "confirmed": ("running", "cancelled"),
    "running": ("closed",),
    "closed": ("archived", "running"),
    "archived": (),
    "cancelled": (),
}
FORMING = ("planned", "nominating", "confirmed")
OPEN = (*FORMING, "running")
OVER = ("closed", "archived", "cancelled")
BY_CLOSING = {("running", "closed"), ("closed", "running")}


def may_follow(before: str, after: str) -> bool:
    """Whether a class may go from one state to the other at all."""
    return after in TRANSITIONS.get(before, ())


def by_advance(before: str, after: str) -> bool:
    """Whether the step is an ordinary one, neither a closing nor its undoing."""
    return may_follow(before, after) and (before, after) not in BY_CLOSING


def next_step(state: str) -> str | None:
    """The ordinary way forward, or None at an end."""
    ways = [after for after in TRANSITIONS[state] if after != "cancelled"]
    return ways[0] if ways else None
