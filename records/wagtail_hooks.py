from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_actions(actions):
    words = {
        "records.hours.register": _("登记既往学时"),
        "records.policy.install": _("载入应训要求"),
    }
    for name, label in words.items():
        actions.register_action(name, label, label)
