"""Certificate numbers and verification codes: pure, apart from the random source."""

from __future__ import annotations

import re
import secrets

from core.drawing import CODE_ALPHABET

CODE_LENGTH = 8
_NUMBER = re.compile(r"(\d{4})\D+(\d+)")


def number_text(prefix: str, year: int, serial: int) -> str:
    """``领航示范结字〔2026〕第0001号``; four digits at least."""
    return f"{prefix}〔{year}〕第{serial:04d}号"


def short_number(number: str) -> str:
    """``2026-0001``: the year and the serial of a number, as a QR code carries them; empty where there are none."""
    found = _NUMBER.search(number)
    return f"{found[1]}-{int(found[2]):04d}" if found else ""


def same_number(one: str, other: str) -> bool:
    """Whether two ways of writing a number mean the same year and serial."""
    return bool(short_number(one)) and short_number(one) == short_number(other)


def new_code() -> str:
    """Eight characters without any that are read for one another."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """What a person typed, without blanks and hyphens, in capitals."""
    return re.sub(r"[\s\-—－]", "", typed).upper()


def shown_code(code: str) -> str:
    """``7K4M-Q2XW``."""
    return f"{code[:4]}-{code[4:]}" if len(code) == CODE_LENGTH else code
