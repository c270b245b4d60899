"""Handing out the proof of a request to those whose eyes it is for; each read of another's is noted."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest

from cohorts.models import LeaveRequest
from cohorts.reading.approvals import may_read_proof
from people.services import note_file_read


def proof_response(request: HttpRequest, row: LeaveRequest) -> FileResponse:
    if not may_read_proof(request.user, row):
        raise PermissionDenied
    if not row.proof:
        raise Http404
    note_file_read(reader=request.user, subject=row.membership.user, part="请假证明材料")
    return FileResponse(row.proof.open("rb"), filename=row.proof_name, content_type=row.proof_type)
