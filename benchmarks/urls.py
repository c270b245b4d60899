"""Floors: what a bare view of this stack costs with the same middleware."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from people.models import User
from people.permissions import requires_sign_in


@requires_sign_in
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


@requires_sign_in
def ten_gets(request: HttpRequest) -> HttpResponse:
    """Ten rows by key."""
    rows = [User.objects.get(pk=pk) for pk in request.session["bench_keys"]]
    return HttpResponse(str(len(rows)))


urlpatterns = [
    path("bench/hello/", hello),
    path("bench/ten-gets/", ten_gets),
    path("", include("config.urls")),
]
