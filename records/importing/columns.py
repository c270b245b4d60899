"""The columns of a file of old hours, and the names they go by."""

from __future__ import annotations

from django.db.models import TextChoices

from core.spreadsheets.tables import Column
from records.models import Bucket, Category, Mode

COLUMNS = (
    Column("external_id", "外部编号", ("编号", "记录编号", "流水号", "记录号", "学时编号"), required=True),
    Column("work_number", "工号", ("人员编号", "干部编号", "学员工号"), required=True),
    Column("name", "姓名", ("学员姓名", "学员"), required=True),
    Column("title", "培训名称", ("班次名称", "培训班名称", "班次", "培训班", "课程名称"), required=True),
    Column("organiser", "主办单位", ("举办单位", "承办单位", "培训机构")),
    Column("starts_on", "开始日期", ("开班日期", "培训开始日期", "开始时间")),
    Column("ends_on", "结束日期", ("结班日期", "结业日期", "培训结束日期", "结束时间", "取得日期"), required=True),
    Column("bucket", "学时类别", ("类别", "学时类型"), required=True),
    Column("category", "培训类别", ("培训类型",)),
    Column("mode", "培训方式", ("培训形式", "方式")),
    Column("days", "天数", ("培训天数", "脱产天数")),
    Column("hours", "学时", ("学时数", "培训学时", "计入学时")),
    Column("certificate_no", "结业证书编号", ("证书编号", "证书号", "证明材料编号")),
    Column("unit", "取得时单位", ("单位", "所在单位", "工作单位")),
)
LABELS = {column.key: column.label for column in COLUMNS}
REQUIRED = tuple(column.key for column in COLUMNS if column.required)
CODES = frozenset({"external_id", "work_number", "certificate_no"})
CHOICES: dict[str, type[TextChoices]] = {"bucket": Bucket, "category": Category, "mode": Mode}
WIDTHS = {"title": 36, "organiser": 22, "certificate_no": 24, "unit": 22, "external_id": 18}
