"""Kinds of messages of certificates: what they say outside is the same for everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.messaging.kinds import register

register("certificate.issued", _("您有一张新的结业证书"))
