"""Names are kept as their bearers write them, sorted as a Chinese dictionary sorts, and refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.names import NameProblem, clean_name, initials, sort_key, syllables


@pytest.mark.parametrize(
    ("surname", "reading"),
    [
        ("曾", "zeng1"),
        ("单", "shan4"),
        ("区", "ou1"),
        ("仇", "qiu2"),
        ("解", "xie4"),
        ("查", "zha1"),
        ("盖", "ge3"),
        ("朴", "piao2"),
        ("翟", "zhai2"),
        ("尹", "yin3"),
    ],
)
def test_a_surname_is_read_by_its_own_table(surname: str, reading: str) -> None:
    assert syllables(surname + "明")[0] == reading


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("尉迟恭", ("yu4", "chi2", "gong1")),
        ("万俟卨", ("mo4", "qi2", "xie4")),
        ("欧阳文静", ("ou1", "yang2", "wen2", "jing4")),
        ("长孙无忌", ("zhang3", "sun1", "wu2", "ji4")),
    ],
)
def test_compound_surnames(name: str, readings: tuple[str, ...]) -> None:
    assert syllables(name) == readings


def test_the_table_is_for_surnames_only() -> None:
    assert syllables("王单")[1] == "dan1"
    assert syllables("单·买买提")[0] == "dan1", "a name in parts has no Chinese surname"


def test_names_sort_by_sound_then_tone_then_length() -> None:
    names = ["曾伟", "单雄", "王敏", "区明", "王敏敏", "安宁"]
    assert sorted(names, key=sort_key) == ["安宁", "区明", "单雄", "王敏", "王敏敏", "曾伟"]


def test_initials() -> None:
    assert initials("曾伟") == "zw"
    assert initials("阿依古丽·买买提") == "ayglmmt"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (" 王敏 ", "王敏"),
        ("王　敏", "王敏"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("张𬭎", "张𬭎"),
        ("李𰻝", "李𰻝"),
        ("武〇", "武〇"),
        ("Anna Schmidt", "Anna Schmidt"),
        ("古丽米热·阿卜杜热合曼江艾", "古丽米热·阿卜杜热合曼江艾"),
        ("e\u0301", "é"),
    ],
)
def test_what_is_kept(raw: str, kept: str) -> None:
    assert clean_name(raw) == kept


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "没有填写姓名"),
        ("王\x07敏", "控制字符"),
        ("王\u200b敏", "看不见的字符"),
        ("王\u202e敏", "看不见的字符"),
        ("\ufeff王敏", "看不见的字符"),
        ("王\ue000", "自造字"),
        ("王" * 51, "51 个字"),
        ("110101199003071234", "错位"),
        ("=HYPERLINK", "不能使用的符号"),
        ("<b>王</b>", "不能使用的符号"),
        ("·王敏", "间隔号"),
    ],
)
def test_what_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(NameProblem, match=reason):
        clean_name(raw)


def test_fifty_characters_are_allowed() -> None:
    assert len(clean_name("阿" * 50)) == 50


@given(st.text(max_size=60))
def test_a_kept_name_is_stable_and_sortable(raw: str) -> None:
    try:
        name = clean_name(raw)
    except NameProblem:
        return
    assert clean_name(name) == name
    assert sort_key(name).isascii() and len(sort_key(name)) <= 200
    assert len(initials(name)) <= 50
