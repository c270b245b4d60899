"""Personal values as others may read them."""

from __future__ import annotations

from core.names import masked as masked_name
from people.models import User

__all__ = ["masked_id", "masked_name", "masked_phone"]


def mask(value: str, head: int, tail: int) -> str:
    """The first and last signs of a value; a value too short for both is hidden whole."""
    if not value:
        return ""
    hidden = len(value) - head - tail
    return value[:head] + "*" * hidden + value[-tail:] if hidden > 0 else "*" * len(value)


def masked_id(user: User) -> str:
    """110***********123X: province and half of the county stay, and the last four."""
    return mask(user.id_number, 3, 4)


def masked_phone(user: User) -> str:
    """138****8000."""
    return mask(user.phone, 3, 4)
