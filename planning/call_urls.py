"""Addresses of call-ups and nominations."""

from __future__ import annotations

from django.urls import path

from planning.views.nominations import cadre, deciding, front, office, one, picking

CALL = "nominations/calls/<uuid:public_id>/"
ONE = "nominations/<uuid:public_id>/"
OFFICE = "office/planning/calls/<uuid:public_id>/"

urlpatterns = [
    # the units' phone
    path("nominations/", front.home, name="nominations"),
    path("nominations/agree/", front.agree, name="nominations-agree"),
    path("nominations/hanging/", front.hanging, name="nominations-hanging"),
    path("nominations/stand-ins/", front.stand_ins, name="stand-ins"),
    path("nominations/stand-ins/<int:pk>/end/", front.stand_in_end, name="stand-in-end"),
    path(CALL, front.call, name="nominations-call"),
    path(CALL + "pick/", picking.pick, name="nominations-pick"),
    path(ONE, one.nomination, name="nomination"),
    path(ONE + "review/", one.decide, name="nomination-review"),
    path(ONE + "withdraw/", one.withdraw, name="nomination-withdraw"),
    path(ONE + "reply/", one.reply, name="nomination-reply"),
    path(ONE + "replace/", one.replace, name="nomination-replace"),
    # the cadre's desk
    path("learn/nominations/", cadre.mine, name="my-nominations"),
    path("learn/open-classes/", cadre.open_classes, name="open-classes"),
    path("learn/open-classes/<uuid:public_id>/apply/", cadre.apply, name="open-class-apply"),
    # the office
    path(OFFICE, office.call_up, name="call-up"),
    path(OFFICE + "edit/", office.edit, name="call-up-edit"),
    path(OFFICE + "quotas/", office.quotas, name="call-up-quotas"),
    path(OFFICE + "open/", office.open_naming, name="call-up-open"),
    path(OFFICE + "bulk/", office.bulk, name="call-up-bulk"),
    path("office/planning/nominations/<uuid:public_id>/decide/", deciding.decide, name="nomination-decide"),
]
