"""Every change of hours: credited lines and reversals, versions of the rules, claims, values of other systems."""

from __future__ import annotations

from records.services.claims import decide_claim, hand_in_claim, reverse_claim, withdraw_claim
from records.services.crediting import (
    HourLine,
    credit,
    install_first_policies,
    register_earlier_hours,
    reverse,
)
from records.services.versions import (
    drop_draft,
    first_day_for,
    put_hour_rule_in_force,
    put_policy_in_force,
    save_hour_draft,
    save_policy_draft,
    start_hour_draft,
    start_policy_draft,
)

__all__ = [
    "HourLine",
    "credit",
    "decide_claim",
    "drop_draft",
    "first_day_for",
    "hand_in_claim",
    "install_first_policies",
    "put_hour_rule_in_force",
    "put_policy_in_force",
    "register_earlier_hours",
    "reverse",
    "reverse_claim",
    "save_hour_draft",
    "save_policy_draft",
    "start_hour_draft",
    "start_policy_draft",
    "withdraw_claim",
]
