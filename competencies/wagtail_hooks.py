from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_actions(actions):
    actions.register_action("competencies.framework.load", _("载入能力框架"), _("载入能力框架"))
