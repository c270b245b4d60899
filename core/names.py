"""Names as the public may read them."""

from __future__ import annotations

from functools import lru_cache

_COMPOUND = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容
仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐
段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 纳兰 完颜 富察 叶赫
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())


@lru_cache(maxsize=2048)
def surname(name: str) -> str:
    """The part that stays readable: a compound surname, else the first character (or the first part before ·)."""
    if "·" in name:
        return name.split("·", 1)[0][:1]
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2]
    return name[:1]


def masked(name: str) -> str:
    """王敏 → 王*, 欧阳文静 → 欧阳**; the number of signs follows the name's length, at most four."""
    clean = name.strip()
    if not clean:
        return ""
    first = surname(clean)
    return first + "*" * max(1, min(4, len(clean) - len(first)))
