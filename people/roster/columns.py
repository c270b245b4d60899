"""The columns of a roster and of a file of units, and the names they go by."""

from __future__ import annotations

from core.spreadsheets.tables import Column


def _column(key: str, label: str, *others: str, required: bool = False) -> Column:
    """A column by its Chinese name, which is what workbooks say; ``label_of`` gives the name for the screen."""
    return Column(key, label, others, required)


WORK_NUMBER = _column(
    "work_number",
    "工号",
    "人员编号",
    "员工编号",
    "职工号",
    "编号",
    "人员编码",
    "干部编号",
    "工作证号",
    required=True,
)
NAME = _column("name", "姓名", "名字", "人员姓名", "学员姓名", "干部姓名", required=True)
UNIT = _column("unit", "单位", "单位名称", "所在单位", "工作单位", "现单位", "所属单位", "部门", "单位全称")
UNIT_CODE = _column("unit_code", "单位代码", "单位编码", "机构代码", "机构编码", "单位编号", "所在单位代码")
POST = _column("post", "职务", "现任职务", "职务名称", "岗位", "职位", "现职务", "任职职务")
LEVEL = _column("level", "职务层次", "职务级别", "领导职务层次", "职务层级", "行政级别", "级别")
RANK = _column("rank", "职级", "现任职级", "公务员职级", "职级名称", "现职级")
STARTS_ON = _column("starts_on", "任职日期", "任职时间", "任现职时间", "任现职日期", "任职起始日期", "现任职务时间")
ID_NUMBER = _column(
    "id_number", "身份证号", "身份证号码", "公民身份号码", "身份证", "证件号码", "居民身份证号码", "身份号码"
)
PHONE = _column("phone", "手机号", "手机号码", "手机", "移动电话", "联系电话", "联系方式", "电话")
GENDER = _column("gender", "性别")
BIRTH_DATE = _column("birth_date", "出生日期", "出生年月", "出生年月日", "生日", "出生时间")
ETHNICITY = _column("ethnicity", "民族", "族别")
POLITICAL = _column("political_status", "政治面貌", "党派", "政治身份")
EMAIL = _column("email", "邮箱", "电子邮箱", "电子邮件", "email", "e-mail", "邮件地址", "邮箱地址")
MANAGED_BY = _column("managed_by", "干部管理机构", "干部管理权限", "管理机构", "主管单位", "干部主管单位", "管理单位")

COLUMNS = (
    WORK_NUMBER,
    NAME,
    UNIT,
    UNIT_CODE,
    POST,
    LEVEL,
    RANK,
    STARTS_ON,
    ID_NUMBER,
    PHONE,
    GENDER,
    BIRTH_DATE,
    ETHNICITY,
    POLITICAL,
    EMAIL,
    MANAGED_BY,
)
LABELS = {column.key: column.label for column in COLUMNS}

UNIT_COLUMNS = (
    _column("code", "单位代码", "code", "代码", "编码", "单位编码", "机构代码", required=True),
    _column("name", "单位名称", "name", "名称", "单位", "机构名称", required=True),
    _column("parent", "上级单位代码", "parent", "上级单位", "上级", "上级代码", "主管单位", "上级单位名称"),
    _column("uscc", "统一社会信用代码", "uscc", "信用代码", "社会信用代码"),
    _column("valid_from", "设立日期", "valid_from", "validfrom", "成立日期", "起始日期", "生效日期"),
    _column("valid_to", "撤销日期", "valid_to", "validto", "终止日期", "失效日期"),
)
UNIT_LABELS = {column.key: column.label for column in UNIT_COLUMNS}
