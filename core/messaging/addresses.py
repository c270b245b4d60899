"""Where people can be reached: a lower room knows no addresses, whoever keeps them registers a book."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class AddressBook(Protocol):
    """Who keeps addresses of people, by channel."""

    def reachable(self, people: Collection[int], channel: str) -> set[int]:
        """Those of the people who have an address and may be written to; in one query."""

    def address(self, person: int, channel: str) -> str:
        """The address in clear, at the moment of sending; an empty one where there is none (any more)."""


class _Empty:
    def reachable(self, people: Collection[int], channel: str) -> set[int]:
        return set()

    def address(self, person: int, channel: str) -> str:
        return ""


_book: AddressBook = _Empty()


def register(book: AddressBook) -> None:
    """There is one book; the later registration replaces the earlier."""
    global _book
    _book = book


def book() -> AddressBook:
    return _book


def masked(address: str) -> str:
    """w***@example.cn, 138****8000, B0***: enough to recognise, too little to write to."""
    local, sign, domain = address.partition("@")
    if sign:
        return f"{local[:1]}***@{domain}"
    if address.isdigit() and len(address) == 11:
        return f"{address[:3]}****{address[-4:]}"
    return f"{address[:2]}***" if address else ""
