"""Unified social credit identifiers (GB 32100): 18 signs, the last one checks the others."""

from __future__ import annotations

from django.utils.translation import gettext as _

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class UsccProblem(ValueError):
    """The identifier cannot be right; the sentence says why."""


def check_sign(first_17: str) -> str:
    """The eighteenth sign that belongs to seventeen."""
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first_17))
    return SIGNS[-total % 31]


def read_uscc(text: str) -> str:
    """The identifier in capitals; UsccProblem with a sentence when it cannot be right."""
    code = text.strip().upper()
    if len(code) != 18:
        raise UsccProblem(_("统一社会信用代码应为 18 位，这里是 %(n)s 位。") % {"n": len(code)})
    wrong = sorted(set(code) - set(SIGNS))
    if wrong:
        raise UsccProblem(_("统一社会信用代码中不会出现：%(signs)s") % {"signs": " ".join(wrong)})
    if check_sign(code[:17]) != code[17]:
        raise UsccProblem(_("统一社会信用代码的校验位不对，请核对每一位。"))
    return code
