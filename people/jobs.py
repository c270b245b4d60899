from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core import jobs
from people.services import slips

jobs.register(
    jobs.JobKind(
        name=slips.KIND,
        title=_("首次登录激活单"),
        total=slips.one_piece,
        step=slips.check_people,
        finish=slips.make_slips,
        stop_on_refusal=True,
    )
)
