"""Numbers beyond every column and years that nobody means: no row, a sentence, never an accident."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDictKeyError

from cohorts.forms.classes import day_field, moment_field
from core.middleware import DomainErrorMiddleware
from core.plausible import plausible_day
from people.models import User
from tests.factories.people import UserFactory

BEYOND = 99999999999999999999


@pytest.mark.django_db
def test_a_number_beyond_64_bit_matches_no_row():
    person = UserFactory()
    assert list(User.objects.filter(pk__in=[person.pk, BEYOND, -BEYOND])) == [person]
    assert not User.objects.filter(pk__in=[BEYOND]).exists()
    assert list(User.objects.exclude(pk__in=[BEYOND]).filter(pk__in=User.objects.filter(pk=person.pk))) == [person]


@pytest.mark.django_db
def test_ticking_such_a_number_is_a_wrong_choice():
    field = forms.ModelMultipleChoiceField(queryset=User.objects.all())
    with pytest.raises(forms.ValidationError, match=str(BEYOND)):
        field.clean([str(BEYOND)])


@pytest.mark.parametrize("year", ["0001", "1899", "2201", "9999"])
def test_a_year_that_nobody_means_gets_a_sentence(year: str):
    for field, text in ((day_field("日期"), f"{year}-01-01"), (moment_field("时间"), f"{year}-01-01T00:00")):
        with pytest.raises(forms.ValidationError, match="年份须在1900年至2200年之间"):
            field.clean(text)


def test_other_days_pass():
    for day in (date(1900, 1, 1), date(2026, 9, 14), date(2200, 12, 31)):
        plausible_day(day)


@pytest.mark.parametrize("trouble", [MultiValueDictKeyError("lines-1-id"), forms.ValidationError("not a number")])
def test_a_form_with_parts_that_no_page_sends_is_answered_in_words(trouble: Exception, rf: RequestFactory):
    request = rf.post("/")
    request.user = AnonymousUser()
    answer = DomainErrorMiddleware(lambda request: HttpResponse()).process_exception(request, trouble)
    assert answer is not None and answer.status_code == 400
    assert "系统没有做任何更改" in answer.content.decode()


def test_another_accident_stays_one(rf: RequestFactory):
    middleware = DomainErrorMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(rf.post("/"), KeyError("x")) is None
