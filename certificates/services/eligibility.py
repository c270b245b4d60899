"""Who of a closed class may receive a certificate, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.models import Certificate
from certificates.printing import undrawable
from cohorts.models import Closing, Cohort, GraduationDecision, Membership


@dataclass(frozen=True)
class Candidate:
    membership: Membership
    decision: GraduationDecision
    reasons: tuple[str, ...]
    certificate_number: str = ""

    @property
    def ok(self) -> bool:
        return not self.reasons


def standing_closing(cohort: Cohort) -> Closing | None:
    return cohort.closings.filter(undone_at__isnull=True).order_by("-number").first()


def decisions_of(cohort: Cohort) -> list[GraduationDecision]:
    """The decisions of the closing that stands, by name; none while the class is open."""
    closing = standing_closing(cohort)
    if closing is None:
        return []
    rows = closing.decisions.select_related("membership__user", "membership__unit", "membership__posting")
    return list(rows.order_by("membership__user__sort_key", "membership__pk"))


def _reasons(decision: GraduationDecision, number: str) -> tuple[str, ...]:
    if not decision.granted:
        unmet = [f"{c['label']}：{c['detail']}" for c in decision.conditions if not c["met"]]
        return tuple(unmet) or ("未准予结业",)
    if number:
        return (f"已发证书 {number}",)
    missing = undrawable(decision)
    if missing:
        return (f"“{'、'.join(sorted(missing))}”暂不能印制，请联系管理员补充字形",)
    return ()


def candidates(cohort: Cohort) -> list[Candidate]:
    """Every member with a decision; whoever may not be issued a certificate carries the reasons. Four queries."""
    decisions = decisions_of(cohort)
    valid = Certificate.objects.valid().filter(membership__in=[d.membership_id for d in decisions])
    numbers = dict(valid.values_list("membership_id", "number"))
    for decision in decisions:
        decision.membership.cohort = cohort
    return [
        Candidate(d.membership, d, _reasons(d, numbers.get(d.membership_id, "")), numbers.get(d.membership_id, ""))
        for d in decisions
    ]
