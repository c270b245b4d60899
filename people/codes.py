"""One-time codes that are read from paper: no signs that look alike, and only a keyed hash is kept."""

from __future__ import annotations

import secrets

from core.fields import keyed_hash

ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"  # without 0 O, 1 I L, 2 Z, 5 S, 8 B
GROUPS, GROUP = 3, 4  # 12 signs: 55 bits


def new_code() -> str:
    """A fresh code as it stands on the slip, such as 7KQP-M3XA-9WTC."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP))
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def plain(code: str) -> str:
    """What was typed, without case, spaces and dashes."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def code_hash(work_number: str, code: str) -> str:
    """64 hex digits that tie the code to the work number."""
    hashed = keyed_hash(f"activation:{work_number}:{plain(code)}")
    assert hashed is not None
    return hashed
