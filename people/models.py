"""People, the units they belong to over time, their postings, and what they may see."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from core import clock
from core.fields import EncryptedTextField
from core.storage import private_storage
from people.querysets import (
    FileReadQuerySet,
    PostingQuerySet,
    RoleGrantQuerySet,
    UnitManager,
    UserQuerySet,
)
from people.ranks import Level, Rank, Regime, regime_of


class Unit(MP_Node):
    """An organisation with the dates between which it existed; past figures stay with the unit of their day."""

    code = models.CharField(_("单位代码"), max_length=32, unique=True)
    name = models.CharField(_("单位名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True)

    node_order_by: list[str] = []
    objects = UnitManager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        constraints = [
            models.CheckConstraint(
                name="unit_dates_in_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(models.Model):
    """One unit becoming another: merge, split or rename on a day."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆分")
        RENAME = "rename", _("更名")

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="precessions")
    kind = models.CharField(_("变更方式"), max_length=10, choices=Kind)
    on = models.DateField(_("生效日期"))
    document_no = models.CharField(_("文号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("单位沿革")
        verbose_name_plural = _("单位沿革")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_per_pair"),
            models.CheckConstraint(name="succession_of_two_units", condition=~Q(predecessor=F("successor"))),
            models.CheckConstraint(name="succession_kind", condition=Q(kind__in=["merge", "split", "rename"])),
        ]


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's commands and sign-in ask for ``get_by_natural_key`` and these two makers."""

    def create_user(self, work_number: str, password: str | None = None, **fields: object) -> User:
        user: User = self.model(work_number=work_number, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, work_number: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(work_number, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the login is the work number. ``unit`` follows the open primary posting and is kept by its service."""

    class Gender(models.TextChoices):
        MALE = "M", _("男")
        FEMALE = "F", _("女")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work_number = models.CharField(_("工号"), max_length=32, unique=True)
    name = models.CharField(_("姓名"), max_length=50)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False, blank=True)
    initials = models.CharField(max_length=50, db_index=True, editable=False, blank=True)
    gender = models.CharField(_("性别"), max_length=1, choices=Gender, blank=True)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    political_status = models.CharField(_("政治面貌"), max_length=20, blank=True)
    id_number = EncryptedTextField(_("身份证号"), blank=True, default="")
    id_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    phone = EncryptedTextField(_("手机号"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    email = models.EmailField(_("电子邮箱"), blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("所在单位"), on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    managed_by = models.ForeignKey(
        Unit,
        verbose_name=_("干部管理机构"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="managed_people",
    )
    language = models.CharField(_("界面语言"), max_length=10, blank=True)
    must_change_password = models.BooleanField(default=False)
    notice_version = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_synthetic = models.BooleanField(_("示范数据"), default=False)
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "work_number"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ["sort_key", "work_number"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What Wagtail shows under the menu."""
        return self.name

    @property
    def is_staff(self) -> bool:
        return False

    @property
    def open_posting(self) -> Posting | None:
        """The posting held now; without a query where ``with_open_posting`` fetched it."""
        if hasattr(self, "open_postings"):
            return next(iter(self.open_postings), None)
        return self.postings.open().select_related("unit").first()

    @property
    def post_words(self) -> str:
        return self.open_posting.post if self.open_posting else ""

    @property
    def level_words(self) -> str:
        return str(self.open_posting.get_level_display()) if self.open_posting else ""

    @property
    def rank_words(self) -> str:
        return str(self.open_posting.get_rank_display()) if self.open_posting else ""


class Posting(models.Model):
    """A post held at a unit with its level and rank from one day to another; history, never overwritten."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="postings")
    post = models.CharField(_("职务"), max_length=60, blank=True)
    level = models.CharField(_("职务层次"), max_length=20, choices=Level, blank=True)
    rank = models.CharField(_("职级"), max_length=20, choices=Rank, blank=True)
    starts_on = models.DateField(_("任职日期"))
    ends_on = models.DateField(_("免职日期"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="posting_dates_in_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(ends_on__isnull=True), name="one_open_posting"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.post}".strip()

    @property
    def regime(self) -> Regime:
        return regime_of(self.level, self.rank)


class Role(models.TextChoices):
    TRAINEE = "trainee", _("学员")
    UNIT_ADMIN = "unit_admin", _("单位管理员")
    TRAINING_OFFICE = "training_office", _("培训处")
    CLASS_TEACHER = "class_teacher", _("班主任")
    LECTURER = "lecturer", _("授课教师")
    LEADER = "leader", _("领导")
    CONTENT_EDITOR = "content_editor", _("内容编辑")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


class RoleGrant(models.Model):
    """A role on a unit's subtree; without a unit it reaches what belongs to nobody's unit (content, system)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位范围"), on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    starts_on = models.DateField(_("生效日期"))
    ends_on = models.DateField(_("失效日期"), null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    objects = RoleGrantQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("角色授权")
        verbose_name_plural = _("角色授权")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(ends_on__isnull=True, unit__isnull=False),
                name="one_open_grant_per_role_and_unit",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends_on__isnull=True, unit__isnull=True),
                name="one_open_grant_per_role_without_unit",
            ),
            models.CheckConstraint(name="grant_role", condition=Q(role__in=Role.values)),
        ]


class ActivationCode(models.Model):
    """A one-time code on a slip by which an imported person sets the first password; only its keyed hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="activation_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, voided_at__isnull=True),
                name="one_open_activation_code",
            )
        ]


class NoticeAcceptance(models.Model):
    """That a person read a version of the personal-data notice, and when."""

    append_only = True
    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_acceptances")
    version = models.CharField(max_length=20)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "version"], name="one_acceptance_per_version")]


class PersonalFileRead(models.Model):
    """Somebody opened a personal file: who, whose, which part, when."""

    append_only = True
    wagtail_reference_index_ignore = True

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="files_read")
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="file_reads")
    part = models.CharField(_("内容"), max_length=60)
    at = models.DateTimeField(_("时间"), default=clock.now)

    objects = FileReadQuerySet.as_manager()

    class Meta:
        verbose_name = _("档案查阅记录")
        verbose_name_plural = _("档案查阅记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "-at"], name="file_reads_of_subject")]


class RosterImport(models.Model):
    """An uploaded roster between its preview and its commit; the same file twice changes nothing."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("待确认")
        COMMITTED = "committed", _("已导入")
        DISCARDED = "discarded", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roster_imports")
    context_key = models.CharField(max_length=60, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(storage=private_storage, upload_to="rosters/")
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    created_at = models.DateTimeField(default=clock.now)
    committed_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="roster_import_state", condition=Q(state__in=["previewed", "committed", "discarded"])
            )
        ]
