from __future__ import annotations

from django.urls import path

from people.views import account, channels, sign_in

app_name = "people"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("activate/", sign_in.activate, name="activate"),
    path("start/", sign_in.start, name="start"),
    path("account/", account.account, name="account"),
    path("account/channels/", channels.channel, name="channel"),
    path("account/email/", channels.email, name="own-email"),
    path("account/password/", account.password, name="password"),
    path("account/notice/", account.notice, name="notice"),
]
