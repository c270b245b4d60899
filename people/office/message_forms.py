"""Forms of the office's pages about messages that leave the house."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.messaging.wording import LONGEST
from core.models import MessageRules


class TemplateForm(forms.Form):
    """The words of one kind on one channel; ``version`` is the one that was read."""

    text = forms.CharField(
        label=_("消息文字"), max_length=LONGEST, strip=True, widget=forms.Textarea(attrs={"rows": 6})
    )
    channel = forms.CharField(widget=forms.HiddenInput, max_length=10)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\x00", "")


TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class RulesForm(forms.Form):
    quiet_from = forms.TimeField(label=_("免打扰开始"), widget=TIME)
    quiet_to = forms.TimeField(
        label=_("免打扰结束"), widget=TIME, help_text=_("不紧急的消息等到结束时再发。开始和结束相同，表示不设免打扰。")
    )
    quiet_rest_days = forms.BooleanField(
        label=_("休息日整天免打扰"), required=False, help_text=_("按节假日和调休的登记，等到下一个工作日。")
    )
    mandatory_by_mail = forms.BooleanField(
        label=_("必须送达的通知照发邮件"),
        required=False,
        help_text=_("本人关闭了邮件的，调训、名额变动等必须送达的通知仍发到登记的邮箱。短信和企业微信不受此影响。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    @classmethod
    def showing(cls, rules: MessageRules) -> RulesForm:
        return cls(initial={name: getattr(rules, name) for name in cls.base_fields})
