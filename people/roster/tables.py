"""Words of the code tables (GB/T 3304, 4762, 12407) as people write them."""

from __future__ import annotations

import re
import unicodedata

from django.utils import translation

from people.ranks import Level, Rank

ETHNICITIES = (
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族",
    "布依族", "朝鲜族", "满族", "侗族", "瑶族", "白族", "土家族", "哈尼族",
    "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "高山族", "拉祜族",
    "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族", "达斡尔族", "仫佬族",
    "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族",
    "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族",
    "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族",
)  # fmt: skip
POLITICAL = (
    "中共党员",
    "中共预备党员",
    "共青团员",
    "民革党员",
    "民盟盟员",
    "民建会员",
    "民进会员",
    "农工党党员",
    "致公党党员",
    "九三学社社员",
    "台盟盟员",
    "无党派人士",
    "群众",
)
POLITICAL_ALIASES = {
    "党员": "中共党员",
    "中国共产党党员": "中共党员",
    "预备党员": "中共预备党员",
    "中国共产党预备党员": "中共预备党员",
    "团员": "共青团员",
    "中国共产主义青年团团员": "共青团员",
    "无党派": "无党派人士",
    "无党派民主人士": "无党派人士",
    "群众（普通居民）": "群众",
    "普通居民": "群众",
}
LEVEL_ALIASES = {
    "正厅级": Level.BUREAU_HEAD,
    "正厅": Level.BUREAU_HEAD,
    "正局级": Level.BUREAU_HEAD,
    "副厅级": Level.BUREAU_DEPUTY,
    "副厅": Level.BUREAU_DEPUTY,
    "副局级": Level.BUREAU_DEPUTY,
    "正处级": Level.COUNTY_HEAD,
    "正处": Level.COUNTY_HEAD,
    "正县级": Level.COUNTY_HEAD,
    "正县处级": Level.COUNTY_HEAD,
    "副处级": Level.COUNTY_DEPUTY,
    "副处": Level.COUNTY_DEPUTY,
    "副县级": Level.COUNTY_DEPUTY,
    "副县处级": Level.COUNTY_DEPUTY,
    "正科级": Level.TOWNSHIP_HEAD,
    "正科": Level.TOWNSHIP_HEAD,
    "副科级": Level.TOWNSHIP_DEPUTY,
    "副科": Level.TOWNSHIP_DEPUTY,
}
NUMERALS = {"1": "一", "2": "二", "3": "三", "4": "四"}
MEN, WOMEN = ("男", "男性", "m", "male", "1"), ("女", "女性", "f", "female", "2")
GENDERS = dict.fromkeys(MEN, "M") | dict.fromkeys(WOMEN, "F")
NOTHING = frozenset({"", "无", "暂无", "-", "—", "——", "/", "\\", "n/a", "na", "null", "none", "空"})


def plain(text: str) -> str:
    """Without blanks, in half width, in small letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def is_nothing(text: str) -> bool:
    """Signs that people put where there is nothing to say."""
    return plain(text) in NOTHING


def labels(choices: type[Level] | type[Rank]) -> dict[str, str]:
    """Chinese label → value, whatever language the page speaks."""
    with translation.override(None):
        return {str(choice.label): str(choice.value) for choice in choices}


def level_of(text: str) -> str | None:
    """The level's value; None for words that name none."""
    word = plain(text)
    known = labels(Level) | {alias: str(level.value) for alias, level in LEVEL_ALIASES.items()}
    return known.get(word) or known.get(word.removesuffix("领导职务"))


def rank_of(text: str) -> str | None:
    """The rank's value; 1级调研员 and 调研员(一级) are understood."""
    word = re.sub(r"([1-4])(?=级)", lambda found: NUMERALS[found[1]], plain(text))
    turned = re.sub(r"^(.+?)\((.级)\)$", r"\2\1", word)
    return labels(Rank).get(turned)


def ethnicity_of(text: str) -> str | None:
    """汉 and 汉族 alike."""
    word = plain(text)
    return next((name for name in (word, f"{word}族") if name in ETHNICITIES), None)


def political_of(text: str) -> str | None:
    word = plain(text).replace("(", "（").replace(")", "）")
    return word if word in POLITICAL else POLITICAL_ALIASES.get(word)
