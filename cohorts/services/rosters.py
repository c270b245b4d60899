"""Members by roster: the people of an accepted file enter the class in the same transaction."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from cohorts.models import Cohort
from cohorts.services.members import add_members
from core import clock
from people import roster
from people.models import RosterImport, User


@transaction.atomic
def enter_roster(*, actor: User, cohort: Cohort, report: roster.RosterReport) -> tuple[roster.RosterReport, int]:
    """Import the accepted rows and take their people into the class; the report and the number of new members."""
    done = roster.commit(actor=actor, report=report)
    return done, add_members(actor=actor, cohort=cohort, users=User.objects.filter(pk__in=done.user_ids))


@transaction.atomic
def enter_staged(*, actor: User, cohort: Cohort, staged: RosterImport) -> tuple[roster.RosterReport, int]:
    """The same for a file that waits behind its preview."""
    done = roster.commit_staged(actor=actor, staged=staged)
    return done, add_members(actor=actor, cohort=cohort, users=User.objects.filter(pk__in=done.user_ids))


@transaction.atomic
def keep_unread(*, actor: User, cohort: Cohort, name: str, data: bytes) -> RosterImport:
    """Keep a file whose headings were not recognised, until its columns are named by hand."""
    digest = hashlib.sha256(data).hexdigest()
    known = RosterImport.objects.filter(
        owner=actor, context_key=cohort.context_key, sha256=digest, state=RosterImport.State.PREVIEWED
    ).first()
    if known:
        return known
    waiting = RosterImport(owner=actor, context_key=cohort.context_key, sha256=digest, file_name=name[-200:])
    waiting.created_at = clock.now()
    waiting.file.save(f"{waiting.pk}.bin", ContentFile(data), save=False)
    waiting.save(force_insert=True)
    return waiting
