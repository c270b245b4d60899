"""The people who run the demo's class, one per role, and the units they belong to. All synthetic."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from people.models import Role, Unit, User
from people.services import accept_notice, add_posting, create_person, create_unit, grant_role
from people.start import start_url
from portal.demo.stage import PASSWORD, Stage

INSTALLER = "demo-installer"
MAIL_DOMAIN = "linghang.example"  # a name that no mail server can have
CAST = [
    # key, work number, name, role, at (unit code of the sample, or the first unit under the root)
    ("system_admin", "SYS001", "钱一帆", Role.SYSTEM_ADMIN, "academy"),
    ("security_admin", "SEC001", "孔令安", Role.SECURITY_ADMIN, "academy"),
    ("audit_admin", "AUD001", "严正", Role.AUDIT_ADMIN, "academy"),
    ("training_office", "OFF001", "林培", Role.TRAINING_OFFICE, "root"),
    ("class_teacher", "TEA001", "方亦敏", Role.CLASS_TEACHER, "academy"),
    ("lecturer", "LEC001", "周启明", Role.LECTURER, "academy"),
    ("lecturer_2", "LEC002", "沈立言", Role.LECTURER, "academy"),
    ("content_editor", "EDI001", "陶文心", Role.CONTENT_EDITOR, "academy"),
    ("leader", "LEA001", "高远", Role.LEADER, "root"),
]


def installer() -> User:
    """The account of the command line, which puts the first roles in place; it cannot sign in."""
    found = User.objects.filter(work_number=INSTALLER).first()
    return found or User.objects.create_superuser(INSTALLER, None, name="安装程序", is_synthetic=True)


def add_house(actor: User) -> dict[str, Unit]:
    """The root of all units and the academy that holds the classes."""
    root = create_unit(actor=actor, code="YS", name="云山市（虚构）", valid_from=None)
    academy = create_unit(actor=actor, code="YS02", name="云山市领航干部学院（虚构）", parent=root, valid_from=None)
    return {"root": root, "academy": academy}


def hire(stage: Stage, houses: dict[str, Unit]) -> None:
    """Create the cast with postings and roles, each with the demo's password and the notice accepted."""
    actor = installer()
    for key, number, name, role, place in CAST:
        user = create_person(actor=actor, work_number=number, name=name, unit=houses["academy"], synthetic=True)
        unit = houses["root"] if place == "root" else houses["academy"]
        needs_unit = role in (Role.TRAINING_OFFICE, Role.LEADER)
        grant_role(actor=actor, user=user, role=role, unit=unit if needs_unit else None)
        let_in(user)
        stage.cast[key] = user
    stage.root = houses["root"]


def widen_grants(stage: Stage) -> None:
    """The office and the organisation department answer for every root that a unit file of one's own brought."""
    assert stage.root
    for unit in Unit.get_root_nodes().exclude(pk=stage.root.pk):
        for key in ("training_office", "leader"):
            grant_role(actor=installer(), user=stage.cast[key], role=Role(key), unit=unit)
            stage.cast[key] = User.objects.get(pk=stage.cast[key].pk)


def let_in(user: User) -> None:
    """A known password, a mail address that leads nowhere and the notice accepted: the account can be tried at once."""
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.email = f"{user.work_number.lower()}@{MAIL_DOMAIN}"
    user.save(update_fields=["password", "must_change_password", "email"])
    accept_notice(user=user)


def open_unit_accounts(stage: Stage) -> None:
    """A unit administrator and a unit leader at the first unit of the roster that sends cadres, and a trainee."""
    assert stage.cohort
    actor = installer()
    members = stage.cohort.memberships.select_related("user", "unit").order_by("user__work_number")
    first = next(m for m in members if m.state == "graduated")
    stage.cast["trainee"] = first.user
    let_in(first.user)
    for key, number, name, role in (
        ("unit_admin", "UAD001", "何静", Role.UNIT_ADMIN),
        ("unit_leader", "LEA002", "罗建平", Role.LEADER),
    ):
        user = create_person(actor=actor, work_number=number, name=name, unit=first.unit, synthetic=True)
        grant_role(actor=actor, user=user, role=role, unit=first.unit)
        let_in(user)
        stage.cast[key] = user


ORDER = [
    "trainee", "class_teacher", "training_office", "lecturer", "leader", "unit_leader", "unit_admin",
    "content_editor", "system_admin", "security_admin", "audit_admin",
]  # fmt: skip


def account_list(stage: Stage) -> list[dict[str, Any]]:
    """``{role, login, password, start}`` per account, in the order of the tour."""
    words = {"unit_leader": "单位领导", "leader": "组织部领导"}
    rows = []
    for key in ORDER:
        user = User.objects.get(pk=stage.cast[key].pk)
        role = key if key in Role.values else "leader"
        rows.append(
            {
                "role": words.get(key, str(Role(role).label)),
                "login": user.work_number,
                "password": PASSWORD,
                "start": start_url(user),
            }
        )
    return rows


def earlier_posting(user: User, actor: User) -> None:
    """The junior posting that the promoted cadre held before."""
    open_posting = user.postings.open().get()
    add_posting(
        actor=actor, user=user, unit=open_posting.unit, post="科长", level="township_head", rank="principal_1",
        starts_on=open_posting.starts_on.replace(year=open_posting.starts_on.year - 5),
        ends_on=open_posting.starts_on - timedelta(days=1),
    )  # fmt: skip
