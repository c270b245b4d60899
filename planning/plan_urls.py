"""Addresses of plans: the office's pages and the leaders'."""

from __future__ import annotations

from django.urls import path

from planning.views import (
    plan_approving,
    plan_changes,
    plan_classes,
    plan_leaders,
    plan_needs,
    plan_workbooks,
    plan_year,
    plans,
)

PLAN = "office/planning/plans/<uuid:public_id>/"
CLASS = "office/planning/classes/<uuid:public_id>/"
CHANGE = "office/planning/changes/<uuid:public_id>/"
NEED = "office/planning/needs/<uuid:public_id>/"

urlpatterns = [
    path(PLAN, plans.plan, name="plan"),
    path(f"{PLAN}rename/", plans.rename, name="plan-rename"),
    path(f"{PLAN}discard/", plans.discard, name="plan-discard"),
    path(f"{PLAN}copy/", plans.copy, name="plan-copy"),
    path(f"{PLAN}submit/", plan_approving.submit, name="plan-submit"),
    path(f"{PLAN}decide/", plan_approving.decide, name="plan-decide"),
    path(f"{PLAN}export/", plan_workbooks.export, name="plan-export"),
    path(f"{PLAN}import/", plan_workbooks.take_in, name="plan-import"),
    path(f"{PLAN}classes/add/", plan_classes.add, name="class-add"),
    path(CLASS, plan_classes.edit, name="class"),
    path(f"{CLASS}remove/", plan_classes.remove, name="class-remove"),
    path(f"{CLASS}move/", plan_classes.move, name="class-move"),
    path(f"{CLASS}cancel/", plan_classes.cancel, name="class-cancel"),
    path(f"{CLASS}found/", plan_classes.found, name="class-found"),
    path(f"{CLASS}carry-over/", plan_classes.carry, name="class-carry"),
    path(CHANGE, plan_changes.change, name="change"),
    path(f"{CHANGE}withdraw/", plan_changes.withdraw, name="change-withdraw"),
    path("office/planning/year/", plan_year.year, name="year"),
    path("office/planning/year/sheet/", plan_year.sheet, name="year-sheet"),
    path("office/planning/needs/", plan_needs.index, name="needs"),
    path(NEED, plan_needs.need, name="need"),
    path(f"{NEED}people/", plan_needs.people, name="need-people"),
    path(f"{NEED}lines/<int:line>/draft/", plan_needs.draft, name="need-draft"),
    path("leaders/plans/", plan_leaders.plans, name="leaders-plans"),
    path("leaders/plans/<uuid:public_id>/", plan_leaders.plan, name="leaders-plan"),
    path("leaders/plans/changes/<uuid:public_id>/", plan_leaders.change, name="leaders-change"),
]
