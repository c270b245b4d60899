from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from certificates.forms import VerifyForm
from certificates.verification import count_miss, find, too_many_misses
from people.permissions import public

STATE_KINDS = {"valid": "done", "revoked": "failed", "reissued": "waiting"}


@public
def verify(request: HttpRequest) -> HttpResponse:
    """Number and code, by form or by QR code, answered with what the public may know."""
    asked = "number" in request.GET or "code" in request.GET
    form = VerifyForm(request.GET if asked else None)
    context = {"form": form, "result": None, "missed": False}
    address = request.META.get("REMOTE_ADDR", "")
    if asked and too_many_misses(address):
        message = _("核验次数过多，请 10 分钟后再试。")
        return render(request, "certificates/verify.html", {**context, "blocked": message}, status=429)
    if asked and form.is_valid():
        result = find(form.cleaned_data["number"], form.cleaned_data["code"])
        if result is None:
            count_miss(address)
            context["missed"] = True
        else:
            context |= {"result": result, "state_kind": STATE_KINDS[result.status]}
    return render(request, "certificates/verify.html", context)
