"""Row scope at every door of a viewset, and the control: the same doors without it leak."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import django.forms
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import resolve
from wagtail import hooks
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from core.models import Job, JobRefusal
from core.policies import ScopedPolicy
from core.views import office
from core.viewsets import ScopedBulkAction, ScopedModelViewSet, narrow, narrow_formset, visible_or_404
from people import roles
from people.models import RoleGrant
from tests.core.side_doors import check_side_doors

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.office_for_tests")]

User = get_user_model()


@pytest.fixture
def policy():
    """Jobs under a scoped policy, for the time of a test."""
    before = dict(policy_registry.values_by_class), dict(policy_registry.values_by_exact_class)
    policy_registry.fallback_policies.pop(Job, None)
    policy_registry.register(Job, ScopedPolicy(Job))
    yield
    policy_registry.values_by_class, policy_registry.values_by_exact_class = before


@pytest.fixture(autouse=True)
def permissions(monkeypatch):
    """What roles permit, told by each test alone."""
    monkeypatch.setattr(roles, "_permitted", defaultdict(set))


def officer(number: str, *permissions: str, role: str = "training_office"):
    """A person whose role lets them into the office with these permissions on jobs."""
    user = User.objects.create_user(number, name=f"示范{number}", notice_version=settings.LINGHANG_NOTICE_VERSION)
    RoleGrant.objects.create(user=user, role=role, starts_on=date(2020, 1, 1))
    roles.permit(role, "wagtailadmin.access_admin", *(f"core.{name}" for name in permissions))
    return user


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="people.backends.RoleBackend")
    return client


ALL = ("add_job", "change_job", "delete_job", "view_job")


@pytest.fixture
def people():
    return officer("A100", *ALL), officer("B200", *ALL)


@pytest.fixture
def jobs(people):
    mine = Job.objects.create(kind="test", owner=people[0], title="=甲处名单")
    theirs = Job.objects.create(kind="test", owner=people[1], title="乙处名单")
    for job in (mine, theirs):
        log(instance=job, action="wagtail.edit", user=job.owner)
    return mine, theirs


class TestDoors:
    def test_every_door_is_closed_to_rows_outside_the_scope(self, policy, people, jobs):
        outsider = officer("C300", *ALL)
        doors = check_side_doors(
            browser(people[0]),
            browser(outsider),
            "/office/scoped-jobs/",
            jobs[0],
            jobs[1],
            words=("甲处名单", "乙处名单"),
            hidden=["示范B200"],
            chooser_url_base="/office/scoped-chooser/",
            bulk_actions=["stop"],
        )
        assert doors == {
            "index": 200, "results/": 200, "export csv": 200, "export xlsx": 200, "edit": 200, "delete": 200,
            "history": 200, "history-results": 200, "usage": 200, "inspect": 200, "copy": 404, "reorder": 404,
        }  # fmt: skip

    def test_control_the_stock_viewset_leaks_at_these_doors(self, people, jobs):
        with pytest.raises(AssertionError) as caught:
            check_side_doors(
                browser(people[0]),
                browser(officer("C300", *ALL)),
                "/office/open-jobs/",
                jobs[0],
                jobs[1],
                words=("甲处名单", "乙处名单"),
                hidden=["示范B200"],
                chooser_url_base="/office/open-chooser/",
            )
        leaks = str(caught.value)
        doors = ["edit", "delete", "history", "usage", "inspect", "copy"]
        for leak in ("shows 乙处名单", "shows 示范B200", "links to", "export csv", "export xlsx", "chosen outside"):
            assert leak in leaks, leak
        assert [door for door in doors if f"{door} get outside the scope: 200" not in leaks] == []

    def test_an_insider_without_the_right_is_refused_not_told_it_is_missing(self, policy, jobs, people):
        reader = officer("D400", "view_job", role="unit_admin")
        own = Job.objects.create(kind="test", owner=reader, title="丁处名单")
        client = browser(reader)
        assert client.get("/office/scoped-jobs/").status_code == 200
        edit = client.get(f"/office/scoped-jobs/edit/{own.pk}/", headers={"x-requested-with": "XMLHttpRequest"})
        assert edit.status_code == 403
        assert client.get(f"/office/scoped-jobs/edit/{jobs[0].pk}/").status_code == 404

    def test_a_form_refuses_a_choice_outside_the_scope(self, policy, people, jobs):
        client, mine = browser(people[0]), jobs[0]
        answer = client.post(f"/office/scoped-jobs/edit/{mine.pk}/", {"title": "新名", "owner": people[1].pk})
        assert answer.status_code == 200
        mine.refresh_from_db()
        assert mine.owner == people[0]
        client.post(f"/office/scoped-jobs/edit/{mine.pk}/", {"title": "新名", "owner": people[0].pk})
        mine.refresh_from_db()
        assert mine.title == "新名"

    def test_exports_are_written_by_our_writer(self, policy, people, jobs):
        client = browser(people[0])
        csv = b"".join(client.get("/office/scoped-jobs/?export=csv").streaming_content).decode("utf-8-sig")
        assert "'=甲处名单" in csv and "排队中" in csv and "queued" not in csv
        name = client.get("/office/scoped-jobs/?export=xlsx")["Content-Disposition"]
        assert "%E5%90%8E%E5%8F%B0%E4%BB%BB%E5%8A%A1" in name

    def test_deleting_a_row_that_others_need_is_refused_in_words(self, policy, people, jobs, monkeypatch):
        from django.db.models import ProtectedError

        def protected(self, *args, **kwargs):
            raise ProtectedError("needed", {self})

        monkeypatch.setattr(Job, "delete", protected)
        answer = browser(people[0]).post(f"/office/scoped-jobs/delete/{jobs[0].pk}/", follow=True)
        assert "已被其他记录引用，不能删除" in answer.content.decode()

    def test_keys_that_cannot_be_read_are_not_found(self, people):
        for key in ("x", "\x00", 9**40, "00000000-0000-0000-0000-000000000000"):
            with pytest.raises(Http404):
                visible_or_404(Job, people[0], key)

    def test_list_queries_do_not_grow_with_rows(self, policy, people, django_assert_max_num_queries):
        client = browser(people[0])
        Job.objects.bulk_create(Job(kind="t", owner=people[0], title=f"第{n}批") for n in range(20))
        client.get("/office/scoped-jobs/")
        with django_assert_max_num_queries(45):
            client.get("/office/scoped-jobs/")


class TestBulk:
    @pytest.fixture(autouse=True)
    def registered(self, policy):
        from tests.core.office_for_tests import StopJobs

        bulk_action_registry._scan_for_bulk_actions()
        bulk_action_registry.actions.setdefault("core", {})["job"] = {"stop": StopJobs, "leak": self.leaky()}
        StopJobs.seen.clear()
        yield StopJobs
        bulk_action_registry.actions.pop("core")

    def leaky(self):
        from wagtail.admin.views.bulk_action import BulkAction

        return type("Leaky", (BulkAction,), {"models": [Job], "action_type": "leak"})

    def request(self, user, **query):
        request = RequestFactory().post("/office/bulk/", query_params=query)
        request.user = user
        return request

    def test_it_gets_the_visible_rows_and_the_actor(self, registered, people, jobs):
        request = self.request(people[0], id=[str(j.pk) for j in jobs])
        action = registered(request, Job)
        assert action.get_actionable_objects()[0] == [jobs[0]]
        assert action.get_execution_context() == {"actor": people[0]}

    def test_all_means_all_that_are_visible(self, registered, people, jobs):
        assert registered(self.request(people[0], id="all"), Job).get_actionable_objects()[0] == [jobs[0]]

    @pytest.mark.parametrize("key", ["x", "\x00", "0"])
    def test_foreign_and_unreadable_keys_are_not_found(self, registered, people, jobs, key):
        for chosen in (key, str(jobs[1].pk)):
            with pytest.raises(Http404):
                registered(self.request(people[0], id=chosen), Job).get_actionable_objects()

    def test_an_action_without_a_scope_is_closed_on_scoped_rows(self, people, jobs):
        client = browser(people[0])
        assert client.get(f"/office/bulk/core/job/leak/?id={jobs[0].pk}").status_code == 404
        assert client.get("/office/bulk/people/user/delete/?id=1").status_code == 404
        assert client.get("/office/bulk/nothing/nobody/delete/?id=1").status_code == 404

    def test_the_permission_is_asked_for(self, registered, people, jobs):
        nobody = officer("E500", role="unit_admin")
        answer = browser(nobody).get(f"/office/bulk/core/job/stop/?id={jobs[0].pk}")
        assert answer.status_code == 302 and answer["Location"] == "/office/"


class TestForms:
    def test_child_forms_and_the_empty_one_are_narrowed(self, people, jobs):
        formset_class = django.forms.modelformset_factory(JobRefusal, fields=["job"], extra=1)
        JobRefusal.objects.create(job=jobs[0], step=0, reason="否")
        for touch_first in (False, True):
            formset = formset_class()
            if touch_first:
                assert formset.forms
            narrow_formset(formset, people[0])
            for form in (*formset.forms, formset.empty_form):
                assert list(form.fields["job"].queryset) == [jobs[0]]

    def test_control_without_it_they_offer_everything(self, people, jobs):
        formset = django.forms.modelformset_factory(JobRefusal, fields=["job"], extra=1)()
        assert set(formset.empty_form.fields["job"].queryset) == set(jobs)

    def test_choices_without_a_scope_are_left_alone(self):
        fields = {"group": django.forms.ModelChoiceField(queryset=Group.objects.all())}
        narrow(fields, None)
        assert fields["group"].queryset.model is Group


class TestRegistering:
    def test_a_model_without_a_scope_is_refused(self):
        with pytest.raises(ImproperlyConfigured, match="visible_to"):
            ScopedModelViewSet("groups", model=Group, form_fields=["name"])

    def test_a_viewset_without_its_policy_is_refused(self):
        with pytest.raises(ImproperlyConfigured, match="ScopedPolicy"):
            ScopedModelViewSet("jobs", model=Job, form_fields=["title"]).register_permissions()


class TestOffice:
    def test_the_site_history_is_for_the_audit_administrator(self, policy, people, jobs):
        auditor = officer("F600", "view_site_history", *ALL, role="audit_admin")
        assert browser(people[0]).get("/office/reports/site-history/").status_code == 302
        answer = browser(auditor).get("/office/reports/site-history/")
        assert answer.status_code == 200 and "乙处名单" in answer.content.decode()

    def test_the_auditor_reads_what_was_done_to_things_that_only_others_may_change(self, policy, people, jobs):
        auditor = officer("F601", "view_site_history", role="audit_admin")
        assert "乙处名单" in browser(auditor).get("/office/reports/site-history/").content.decode()

    def test_the_other_reports_are_for_editors(self, people):
        assert browser(people[0]).get("/office/reports/locked/").status_code == 302
        assert browser(people[0]).get("/office/reports/no-such/").status_code == 404

    def test_the_menu_shows_the_history_to_auditors_only(self, people):
        class Item:
            name = "site-history"

        items = [Item()]
        request = RequestFactory().get("/")
        request.user = people[0]
        for hook in hooks.get_hooks("construct_reports_menu"):
            hook(request, items)
        assert items == []

    @pytest.mark.parametrize("door", ["users/", "users/1/", "users/new/"])
    def test_wagtails_own_user_pages_are_closed(self, people, door):
        assert browser(people[0]).get(f"/office/{door}").status_code == 404

    @pytest.mark.parametrize("door", ["login/", "password_reset/", "password_reset/done/"])
    def test_wagtails_sign_in_and_password_pages_lead_to_ours(self, door):
        answer = Client().get(f"/office/{door}")
        assert answer.status_code == 302 and not answer["Location"].startswith("/office/")

    @pytest.mark.urls("config.urls")
    def test_the_product_mounts_the_narrow_doors_first(self):
        assert resolve("/office/reports/site-history/").func is office.report
        assert resolve("/office/bulk/people/user/delete/").func is office.bulk_action
        assert resolve("/office/users/").func is office.closed


def test_a_scoped_bulk_action_asks_for_change_by_default():
    assert ScopedBulkAction.permission == "change"
