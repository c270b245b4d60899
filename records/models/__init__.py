"""Training hours: rules and their drafts, append-only lines, claims, lines of other systems, what is required."""

from __future__ import annotations

from records.models.choices import Bucket, Category, Mode, OnlineUnit, Window
from records.models.claims import ClaimDecision, HourClaim
from records.models.drafts import (
    HourRuleDraft,
    PolicyDraft,
    PolicyDraftCap,
    PolicyDraftLine,
    PolicyPreview,
    PreviewedPerson,
)
from records.models.entries import HourEntry, HourEntryQuerySet
from records.models.importing import HourChange, HourImport, ImportedHours
from records.models.outlooks import CadreOutlook, OutlookLine
from records.models.rules import (
    LONGEST_CARRY,
    CapTerms,
    CountingCap,
    HourRule,
    HourTerms,
    LineTerms,
    PolicyTerms,
    RequirementLine,
    RequirementPolicy,
)

__all__ = [
    "LONGEST_CARRY",
    "Bucket",
    "CadreOutlook",
    "CapTerms",
    "Category",
    "ClaimDecision",
    "CountingCap",
    "HourChange",
    "HourClaim",
    "HourEntry",
    "HourEntryQuerySet",
    "HourImport",
    "HourRule",
    "HourRuleDraft",
    "HourTerms",
    "ImportedHours",
    "LineTerms",
    "Mode",
    "OnlineUnit",
    "OutlookLine",
    "PolicyDraft",
    "PolicyDraftCap",
    "PolicyDraftLine",
    "PolicyPreview",
    "PolicyTerms",
    "PreviewedPerson",
    "RequirementLine",
    "RequirementPolicy",
    "Window",
]
