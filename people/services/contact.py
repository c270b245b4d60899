"""One's own mail address."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.errors import DomainError
from people.contact import ContactProblem, read_email
from people.models import User


@transaction.atomic
def change_own_email(*, user: User, email: str) -> None:
    """Where mail reaches the person; an empty address ends that. The log names no address.

    DomainError for an address that cannot be right; the same one again writes nothing.
    """
    try:
        address = read_email(email.strip()) if email.strip() else ""
    except ContactProblem as problem:
        raise DomainError(str(problem)) from problem
    if not User.objects.filter(pk=user.pk).exclude(email=address).update(email=address):
        return
    user.email = address
    what = _("登记") if address else _("删除")
    log(instance=user, action="people.own_email", user=user, data={"what": what})
