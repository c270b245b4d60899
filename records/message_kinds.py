"""Kinds of messages of hours: what they say outside is the same for everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.messaging.kinds import MAIL, WECOM, register

register("claim.waiting", _("有学时申报等待认定"), channels=(MAIL, WECOM))
register("claim.ended", _("您的学时申报有新的办理情况"))
