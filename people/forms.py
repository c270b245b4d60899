from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from people.models import User
from people.services.access import check_password

RULES = _("至少 10 个字，不能全是数字，不能是常见密码，也不要与姓名、工号相近。")


def password_field(label: Any, *, new: bool = True, help_text: Any = "") -> forms.CharField:
    """A password box that browsers know how to fill."""
    kind = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=help_text, max_length=200)


class SignInForm(AuthenticationForm):
    """Work number and password; one sentence for every way in which they can be wrong."""

    username = forms.CharField(
        label=_("工号"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = password_field(_("密码"), new=False)
    error_messages = {
        "invalid_login": _("工号或密码不正确，请重新输入。第一次使用，请先用激活码设置密码。"),
        "inactive": _("工号或密码不正确，请重新输入。第一次使用，请先用激活码设置密码。"),
    }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip()


class NewPasswordForm(forms.Form):
    """A new password, twice; ``user`` is whose it will be, where that is known already."""

    password = password_field(_("新密码"), help_text=RULES)
    again = password_field(_("再输入一遍新密码"))

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("两遍输入的密码不一样，请重新输入。"))
        elif data.get("password") and self.user is not None:
            self._weigh(data["password"])
        return data

    def _weigh(self, password: str) -> None:
        try:
            check_password(password, self.user)
        except DomainError as weak:
            self.add_error("password", weak.message)


class ChangePasswordForm(NewPasswordForm):
    """The old password first."""

    old = password_field(_("现在的密码"), new=False)
    field_order = ["old", "password", "again"]

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if self.user is not None and not self.user.check_password(old):
            raise forms.ValidationError(_("现在的密码不正确，请重新输入。"))
        return old


class ActivationForm(NewPasswordForm):
    """Work number and code from the slip, and the first password."""

    work_number = forms.CharField(
        label=_("工号"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label=_("激活码"),
        max_length=40,
        help_text=_("纸条上的 12 位字符，不分大小写，横线可以不填。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    field_order = ["work_number", "code", "password", "again"]

    def clean_work_number(self) -> str:
        return str(self.cleaned_data["work_number"]).strip()
