"""Mobile numbers and mail addresses."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from people.idcard import FULL_WIDTH, STRAY


class ContactProblem(ValueError):
    """The number or address cannot be right; the sentence says why."""


def read_phone(text: str) -> str:
    """Eleven digits of a mainland mobile number; a leading +86 and dashes are dropped."""
    if FULL_WIDTH.search(text):
        raise ContactProblem(_("手机号含有全角数字，请改为半角数字。"))
    if STRAY.search(text):
        raise ContactProblem(_("手机号含有多余的空格或撇号，请删去。"))
    number = re.sub(r"^(\+?86)(?=1)", "", text.replace("-", ""))
    if not re.fullmatch(r"[0-9]+", number):
        raise ContactProblem(_("手机号只能由数字组成。"))
    if len(number) != 11:
        raise ContactProblem(_("手机号应为 11 位，这里是 %(n)s 位。") % {"n": len(number)})
    if not re.fullmatch(r"1[3-9]\d{9}", number):
        raise ContactProblem(_("手机号应以 13 至 19 开头。"))
    return number


def read_email(text: str) -> str:
    """The address with its domain in small letters."""
    try:
        validate_email(text)
    except ValidationError:
        raise ContactProblem(_("电子邮箱的格式不对，应类似 name@example.cn。")) from None
    if len(text) > 254:
        raise ContactProblem(_("电子邮箱太长。"))
    local, domain = text.rsplit("@", 1)
    return f"{local}@{domain.lower()}"
