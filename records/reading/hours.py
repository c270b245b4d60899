"""Compliance read from the database, in a number of queries that does not grow with the people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Subquery

from core.errors import DomainError
from people.models import Posting
from records.expected import expected_of
from records.models import CountingCap, HourEntry, HourRule, HourTerms, PolicyDraft, RequirementLine, RequirementPolicy
from records.reading.gaps import Gap, gap_of
from records.rules.compliance import LineValue, PolicyValue, PostingValue, WindowResult, assess
from records.rules.counting import Cap, EntryValue
from records.rules.forecast import Outlook, Rates, outlooks
from records.rules.online import OnlineRule

LINE_COLUMNS = (
    "regime", "bucket", "window", "min_hours", "min_days", "min_months", "days_per_month", "certainty", "carry_years",
)  # fmt: skip
CAP_COLUMNS = ("bucket", "category", "mode", "max_hours", "max_days")
ENTRY_COLUMNS = ("id", "bucket", "days", "hours", "earned_on", "label", "category", "mode")


def policy_in_force(day: date) -> PolicyValue | None:
    """The policy version in force on a day, None where none was installed yet; one query, with caps two."""
    newest = RequirementPolicy.objects.filter(effective_from__lte=day).order_by("-version").values("pk")[:1]
    capped = Exists(CountingCap.objects.filter(policy=OuterRef("policy")))
    rows = RequirementLine.objects.filter(policy=Subquery(newest)).annotate(capped=capped).order_by("pk")
    head = ("policy", "capped", "policy__version", "policy__plan_from", "policy__plan_to", "policy__carry_from_year")
    found = list(rows.values_list(*head, *LINE_COLUMNS))
    if not found:
        return None
    pk, has_caps, version, plan_from, plan_to, carry_from = found[0][: len(head)]
    lines = tuple(LineValue(*row[len(head) :]) for row in found)
    return PolicyValue(version, plan_from, plan_to, lines, _caps(pk) if has_caps else (), carry_from)


def _caps(policy: int) -> tuple[Cap, ...]:
    rows = CountingCap.objects.filter(policy=policy).order_by("pk").values_list(*CAP_COLUMNS)
    return tuple(Cap(*row) for row in rows)


def draft_policy(draft: PolicyDraft, version: int) -> PolicyValue:
    """What a draft would require, as the value that compliance is reckoned with."""
    lines = draft.lines.order_by("pk").values_list(*LINE_COLUMNS)
    caps = draft.caps.order_by("pk").values_list(*CAP_COLUMNS)
    return PolicyValue(
        version, draft.plan_from, draft.plan_to, tuple(LineValue(*row) for row in lines),
        tuple(Cap(*row) for row in caps), draft.carry_from_year,
    )  # fmt: skip


def hour_rule_on(day: date) -> HourRule | None:
    """The version of the hour rule in force on a day; None before the first."""
    return HourRule.objects.filter(effective_from__lte=day).order_by("-version").first()


def rates_on(day: date) -> Rates:
    """What a day of class and an online lesson are worth under the rule in force; before the first, nothing."""
    rule = hour_rule_on(day)
    return rates_of(rule) if rule else Rates(Decimal(0), Decimal(0), Decimal(0))


def rates_of(rule: HourTerms) -> Rates:
    return Rates(rule.hours_per_day, rule.hours_per_half_day, rule.online_full_hours)


def online_rule(rule: HourTerms) -> OnlineRule:
    """What a version or a draft says about online courses, as the value that the rule reckons with."""
    return OnlineRule(
        unit=rule.online_unit,
        full_minutes=rule.online_full_minutes,
        half_minutes=rule.online_half_minutes,
        full_hours=rule.online_full_hours,
        half_hours=rule.online_half_hours,
        short_hours=rule.online_short_hours,
        test_hours=rule.online_test_hours,
        capped=rule.online_capped,
    )


def policy_on(day: date) -> PolicyValue:
    """The policy version in force on a day; refused in words where none was installed yet."""
    policy = policy_in_force(day)
    if policy is None:
        raise DomainError("尚未载入应训要求，请系统管理员先运行 load_reference。")
    return policy


def _entries(people: list[int]) -> dict[int, list[EntryValue]]:
    found: dict[int, list[EntryValue]] = defaultdict(list)
    rows = HourEntry.objects.standing().filter(user_id__in=people).order_by("earned_on", "pk")
    for user_id, *values in rows.values_list("user_id", *ENTRY_COLUMNS):
        found[user_id].append(EntryValue(*values))
    return found


def _postings(people: list[int]) -> dict[int, list[PostingValue]]:
    found: dict[int, list[PostingValue]] = defaultdict(list)
    rows = Posting.objects.filter(user_id__in=people).order_by("starts_on")
    for posting in rows.only("user", "level", "rank", "starts_on", "ends_on"):
        found[posting.user_id].append(
            PostingValue(posting.regime, bool(posting.level), posting.starts_on, posting.ends_on)
        )
    return found


def compliance_of_many(user_ids: Iterable[int], on: date) -> dict[int, list[WindowResult]]:
    """What is required of each person on the day and how far it is reached; three queries, with caps four."""
    return assessed_by(list(user_ids), [policy_on(on)], on)[0]


def assessed_by(people: list[int], policies: Sequence[PolicyValue], on: date) -> list[dict[int, list[WindowResult]]]:
    """The same people under each of these policies; two queries."""
    entries, postings = _entries(people), _postings(people)
    return [
        {
            pk: assess(entries=entries.get(pk, []), postings=postings.get(pk, []), policy=policy, on=on)
            for pk in people
        }
        for policy in policies
    ]  # fmt: skip


def compliance_of(user_id: int, on: date) -> list[WindowResult]:
    """What is required of one person; nothing where no policy was installed yet."""
    policy = policy_in_force(on)
    return assessed_by([user_id], [policy], on)[0][user_id] if policy else []


def assessed_with(user_id: int, line: EntryValue, on: date) -> tuple[list[WindowResult], list[WindowResult]]:
    """A person's requirements without a line and with it; three queries."""
    policy = policy_on(on)
    entries, postings = _entries([user_id]).get(user_id, []), _postings([user_id]).get(user_id, [])
    before, after = (
        assess(entries=known, postings=postings, policy=policy, on=on) for known in (entries, [*entries, line])
    )
    return before, after


def outlooks_of_many(
    user_ids: Iterable[int], on: date, policy: PolicyValue | None = None
) -> dict[int, list[Outlook]]:  # fmt: skip
    """Every requirement of each person with what is expected until its horizon, in a constant number of queries."""
    people = list(user_ids)
    policy = policy or policy_in_force(on)
    if policy is None:
        return {user_id: [] for user_id in people}
    entries, postings, expected, rates = _entries(people), _postings(people), expected_of(people), rates_on(on)
    return {
        pk: outlooks(
            entries=entries.get(pk, []), expected=expected.get(pk, []), postings=postings.get(pk, []), policy=policy,
            rates=rates, on=on,
        )
        for pk in people
    }  # fmt: skip


def gaps_of_many(user_ids: Iterable[int], on: date) -> dict[int, list[Gap]]:
    """Every requirement that stands for each person, what it still lacks and its state, ready to be shown or summed.

    Requirements that are met are in the list with nothing lacking. The number of queries does not grow with the
    people; nothing is required of a person without a posting.
    """
    return {pk: [gap_of(one) for one in found] for pk, found in outlooks_of_many(user_ids, on).items()}
