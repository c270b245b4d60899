"""E-mail over Django's backend."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from core.messaging.kinds import MAIL, TITLES
from core.messaging.values import Message, Receipt, Refusal

PERMANENT = range(500, 600)  # SMTP's answers that no later attempt changes


class MailChannel:
    """Plain text; the message's own number is the same at every attempt, so that a mailbox can drop the second."""

    name, title = MAIL, TITLES[MAIL]

    def send(self, message: Message) -> Receipt | Refusal:
        number = f"<{message.key}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or 'localhost'}>"
        letter = EmailMessage(message.subject, message.text, to=[message.address], headers={"Message-ID": number})
        try:
            letter.send()
        except smtplib.SMTPRecipientsRefused as refused:
            return _refusal(next(iter(refused.recipients.values()), (0, b""))[0])
        except smtplib.SMTPResponseException as refused:
            return _refusal(refused.smtp_code)
        except (smtplib.SMTPException, OSError) as trouble:
            return Refusal(f"连不上邮件服务器（{type(trouble).__name__}）", again=True)
        return Receipt(number.strip("<>"))


def _refusal(code: int) -> Refusal:
    return Refusal(f"邮件服务器退回，代码 {code}", again=code not in PERMANENT)
