"""The vocabulary in which certificates and reports are asked for."""

from __future__ import annotations

from typing import Any

from django.db import models


class OfMembers(models.QuerySet):
    """Rows that belong to a membership; the stored file is left in the database unless asked for."""

    def visible_to(self, user: Any) -> OfMembers:
        members = self.model._meta.get_field("membership").related_model.objects.visible_to(user)
        return self.filter(membership__in=members.values("pk"))

    def without_file(self) -> OfMembers:
        return self.defer("pdf")


class CertificateQuerySet(OfMembers):
    def without_file(self) -> CertificateQuerySet:
        return self.defer("pdf", "photo")

    def valid(self) -> CertificateQuerySet:
        return self.filter(status="valid")


class ReportQuerySet(OfMembers):
    def newest(self) -> ReportQuerySet:
        """The last version of each member's report."""
        last = self.model.objects.filter(membership=models.OuterRef("membership")).order_by("-version").values("pk")
        return self.filter(pk=models.Subquery(last[:1]))
