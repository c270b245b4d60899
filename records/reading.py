"""Compliance read from the database, in a number of queries that does not grow with the people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Subquery

from core.errors import DomainError
from people.models import Posting
from records.compliance import EntryValue, LineValue, PolicyValue, PostingValue, WindowResult, assess
from records.models import HourEntry, HourRule, RequirementLine, RequirementPolicy
from records.online import OnlineRule

LINE_COLUMNS = ("regime", "bucket", "window", "min_hours", "min_days", "min_months", "days_per_month", "certainty")


def policy_in_force(day: date) -> PolicyValue | None:
    """The policy version in force on a day, None where none was installed yet; one query."""
    newest = RequirementPolicy.objects.filter(effective_from__lte=day).order_by("-version").values("pk")[:1]
    rows = RequirementLine.objects.filter(policy=Subquery(newest)).order_by("pk")
    found = list(rows.values_list("policy__version", "policy__plan_from", "policy__plan_to", *LINE_COLUMNS))
    if not found:
        return None
    version, plan_from, plan_to = found[0][:3]
    return PolicyValue(version, plan_from, plan_to, tuple(LineValue(*row[3:]) for row in found))


def hour_rule_on(day: date) -> HourRule | None:
    """The version of the hour rule in force on a day; None before the first."""
    return HourRule.objects.filter(effective_from__lte=day).order_by("-version").first()


def online_rule(rule: HourRule) -> OnlineRule:
    """What a version says about online courses, as the value that the rule reckons with."""
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
    for user_id, *values in rows.values_list("user_id", "id", "bucket", "days", "hours", "earned_on", "label"):
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
    """What is required of each person on the day and how far it is reached; three queries."""
    return _assessed(list(user_ids), policy_on(on), on)


def compliance_of(user_id: int, on: date) -> list[WindowResult]:
    """What is required of one person; nothing where no policy was installed yet."""
    policy = policy_in_force(on)
    return _assessed([user_id], policy, on)[user_id] if policy else []


def _assessed(people: list[int], policy: PolicyValue, on: date) -> dict[int, list[WindowResult]]:
    entries, postings = _entries(people), _postings(people)
    return {
        user_id: assess(entries=entries.get(user_id, []), postings=postings.get(user_id, []), policy=policy, on=on)
        for user_id in people
    }
