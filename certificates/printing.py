"""Everything a certificate prints, frozen from the decision that granted it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings

from certificates.models import CertificateTemplate
from certificates.numbers import short_number, shown_code
from cohorts.models import GraduationDecision
from core.drawing import missing_in
from core.drawing.dates import chinese_date, chinese_window

NOTE = "本证书为结业证明，不是学历学位证书。"
DEMO_MARKER = "示范样本·不具效力"


def plain_hours(hours: Decimal) -> str:
    """``40`` or ``37.5``: no zeros behind the point."""
    return f"{hours.normalize():f}"


def verify_url(number: str, code: str) -> str:
    """The address behind the QR code."""
    query = urlencode({"number": short_number(number), "code": code})
    return f"{settings.WAGTAILADMIN_BASE_URL}/verify/?{query}"


def printed_values(
    *, decision: GraduationDecision, template: CertificateTemplate, number: str, code: str, issued_on: date
) -> dict[str, str]:
    """The fields of ``core.drawing`` filled from the member, the class and the decision as they are now."""
    member = decision.membership
    user, cohort, posting = member.user, member.cohort, member.posting
    return {
        "name": user.name,
        "sex": user.get_gender_display(),
        "unit": member.unit.name,
        "post": posting.post if posting else "",
        "class_name": cohort.full_title,
        "dates": chinese_window(cohort.starts_on, cohort.ends_on),
        "hours": plain_hours(decision.hours),
        "number": number,
        "issuer": template.issuer,
        "issued_on": chinese_date(issued_on),
        "seal_ring": template.issuer,
        "seal_center": template.seal_text,
        "verify_code": shown_code(code),
        "verify_url": verify_url(number, code),
        "verify_site": f"{settings.WAGTAILADMIN_BASE_URL.split('://')[-1]}/verify/",
        "note": NOTE,
        "marker": DEMO_MARKER if cohort.is_synthetic else "",
    }


def undrawable(decision: GraduationDecision) -> set[str]:
    """Characters of the name, unit or post that no typeface at hand draws."""
    member = decision.membership
    words = {"name": member.user.name, "unit": member.unit.name}
    if member.posting:
        words["post"] = member.posting.post
    return missing_in(words)
