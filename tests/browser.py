"""Looking at pages as people do: Chromium, axe, clipped or overlapping text, English on Chinese pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("LINGHANG_CHROMIUM", "/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
]
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
ACORN = AXE.parents[1] / "acorn-8.19.0" / "acorn.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PHONE, DESK = 390, 1440

# Latin words that stand on Chinese pages in China: formats, units, names of standards and products.
ALLOWED = frozenset(
    {
        "Cookie",
        "Excel",
        "Word",
        "WPS",
        "xlsx",
        "xls",
        "csv",
        "pdf",
        "docx",
        "pptx",
        "mp4",
        "vtt",
        "jpg",
        "png",
        "webp",
        "zip",
    }
    | {"App", "Wagtail", "min", "km", "kB", "KB", "MB", "GB", "https", "http", "www"}
)


@contextmanager
def launch(*, width: int = DESK, height: int = 900, **options: Any) -> Iterator[BrowserContext]:
    """A fresh browser context at the given size in CSS pixels; closed with the browser afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        try:
            yield browser.new_context(
                viewport={"width": width, "height": height},
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                **options,
            )
        finally:
            browser.close()


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def axe_violations(page: Page, *, exclude: Iterable[str] = ()) -> list[str]:
    """WCAG 2.1 A and AA, one line per offending element; ``exclude`` takes CSS selectors."""
    page.evaluate(_axe())
    found = page.evaluate(
        "([rules, exclude]) => axe.run({exclude: exclude}, {runOnly: rules, resultTypes: ['violations']})",
        [RULES, [[selector] for selector in exclude]],
    )
    return [
        f"{violation['id']}: {node['target'][0]} {node['failureSummary'].splitlines()[-1].strip()}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def newer_than_es2020(page: Page, scripts: Iterable[Path]) -> list[str]:
    """Names the scripts that a browser of 2020 could not read, each with the parser's complaint."""
    page.evaluate(ACORN.read_text(encoding="utf-8"))
    return [f"{path.name}: {complaint}" for path in scripts if (complaint := page.evaluate(_PARSE, path.read_text()))]


_PARSE = """
(source) => {
  const tries = ['script', 'module'].map((type) => {
    try {
      acorn.parse(source, {ecmaVersion: 2020, sourceType: type});
      return '';
    } catch (error) {
      return String(error);
    }
  });
  return tries.includes('') ? '' : tries[1];
}
"""


_OVERFLOWING = """
() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const name = (e) => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') +
    (typeof e.className === 'string' && e.className ? '.' + e.className.trim().split(/\\s+/).join('.') : '');
  const scrolls = (e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
  const inScroller = (e) => {
    for (let p = e.parentElement; p; p = p.parentElement) if (scrolls(p)) return true;
    return false;
  };
  const unseen = (e) => {
    for (let p = e; p; p = p.parentElement) {
      const s = getComputedStyle(p);
      if (s.visibility === 'hidden' || s.display === 'none') return true;
      if (s.clipPath === 'inset(50%)' || Number(s.opacity) === 0) return true;
      if (s.position === 'absolute' && s.clip !== 'auto') return true; /* for listeners only */
    }
    return false;
  };
  if (document.documentElement.scrollWidth > wide + 1) {
    found.push('page is ' + document.documentElement.scrollWidth + ' px wide in a window of ' + wide);
  }
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const words = node.textContent.trim();
    const e = node.parentElement;
    if (!words || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'OPTION'].includes(e.tagName)) continue;
    if (e.closest('details:not([open]) > :not(summary)') || unseen(e)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const shortened = shortenedBy(e);
    const seen = [...range.getClientRects()].map((r) => within(r, shortened));
    const rects = seen.filter((r) => r.width > 1 && r.height > 1);
    if (!rects.length) continue;
    const about = {e: e, words: words.slice(0, 24), layer: layerOf(e), scroller: inScroller(e)};
    for (const r of rects) texts.push({...about, r: r});
    if (!inScroller(e) && rects.some((r) => r.right > wide + 1 || r.left < -1)) {
      found.push('outside the window: ' + name(e) + ' «' + words.slice(0, 24) + '»');
    }
    for (let p = e; p && p !== document.body; p = p.parentElement) {
      const s = getComputedStyle(p);
      if (scrolls(p) || s.position === 'fixed') break;
      const cuts = (overflow) => ['hidden', 'clip'].includes(overflow);
      if (!cuts(s.overflowX) && !cuts(s.overflowY)) continue;
      const box = p.getBoundingClientRect();
      const across = rects.some((r) => r.right > box.right + 1.5 || r.left < box.left - 1.5);
      const along = rects.some((r) => r.bottom > box.bottom + 4 || r.top < box.top - 4);
      const cutX = cuts(s.overflowX) && across, cutY = cuts(s.overflowY) && along;
      if ((cutX || cutY) && s.textOverflow !== 'ellipsis') {
        found.push('clipped: ' + name(e) + ' «' + words.slice(0, 24) + '» in ' + name(p));
        break;
      }
    }
  }
  /* Text that ends in … on purpose, on one line or on the last of several, reaches as far as its box. */
  function shortenedBy(e) {
    for (let p = e; p && p !== document.body; p = p.parentElement) {
      const s = getComputedStyle(p);
      if (s.textOverflow === 'ellipsis' || Number(s.webkitLineClamp) > 0) return p.getBoundingClientRect();
    }
    return null;
  }
  function within(r, box) {
    if (!box) return r;
    const left = Math.max(r.left, box.left), right = Math.min(r.right, box.right);
    const top = Math.max(r.top, box.top), bottom = Math.min(r.bottom, box.bottom);
    return {left: left, right: right, top: top, bottom: bottom, width: right - left, height: bottom - top};
  }
  /* What floats over the page (a bar, an open menu) may cover text; within itself it may not. */
  function layerOf(e) {
    for (let p = e; p; p = p.parentElement) {
      const s = getComputedStyle(p);
      if (['fixed', 'sticky'].includes(s.position) || (s.position === 'absolute' && Number(s.zIndex) > 9)) return p;
    }
    return null;
  }
  const free = texts.filter((t) => !t.scroller).sort((a, b) => a.r.top - b.r.top);
  for (let i = 0; i < free.length; i++) {
    for (let j = i + 1; j < free.length && free[j].r.top < free[i].r.bottom; j++) {
      const a = free[i], b = free[j];
      if (a.e === b.e || a.layer !== b.layer) continue;
      const x = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
      const y = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
      const least = Math.min(a.r.height, b.r.height);
      if (x > 3 && y > least * 0.45) found.push('overlapping: «' + a.words + '» and «' + b.words + '»');
    }
  }
  return [...new Set(found)];
}
"""


def overflowing(page: Page) -> list[str]:
    """Text that is cut off, lies on other text or leaves the window; a page that scrolls sideways."""
    return list(page.evaluate(_OVERFLOWING))


_VISIBLE_TEXT = """
() => {
  const out = [];
  /* The last two are Wagtail's: a counter that stays hidden, and the calendar of a date before it is opened. */
  const skipped = 'script,style,noscript,template,code,pre,kbd,svg,[lang="en"],[data-latin],' +
    '[data-side-panel-toggle-counter],.xdsoft_datetimepicker';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (e.closest(skipped)) continue;
    const words = walker.currentNode.textContent.trim();
    if (words) out.push(words);
  }
  for (const e of document.querySelectorAll('[placeholder],[aria-label],[title],[alt],[aria-valuetext]')) {
    if (e.closest(skipped)) continue;
    for (const a of ['placeholder', 'aria-label', 'title', 'alt', 'aria-valuetext']) {
      if (e.getAttribute(a)) out.push(e.getAttribute(a));
    }
  }
  for (const e of document.querySelectorAll('input[type=submit],input[type=button]')) if (e.value) out.push(e.value);
  out.push(document.title);
  return out;
}
"""


def visible_texts(page: Page) -> list[str]:
    """What the page says, folded parts and spoken labels included."""
    return list(page.evaluate(_VISIBLE_TEXT))


def english_on_chinese(page: Page, *, allowed: Iterable[str] = ()) -> list[str]:
    """English words, raw codes, None and ISO dates on a Chinese page; parts marked ``data-latin`` are left out."""
    return english_in(visible_texts(page), allowed=allowed)


def english_in(texts: Iterable[str], *, allowed: Iterable[str] = ()) -> list[str]:
    """The findings in given texts, each with its surroundings."""
    known = ALLOWED | set(allowed)
    return [
        f"{kind}: {part}  ({' '.join(text.split())[:60]})" for text in texts for kind, part in _findings(text, known)
    ]


def _findings(text: str, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    clean = re.sub(r"\S+@\S+|https?://\S+|[\w./-]+\.(?:xlsx|xls|csv|pdf|docx|mp4|vtt|zip)\b|&\w+;", " ", text)
    for date in re.findall(r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}\S*)?", clean):
        yield "ISO date", date
    for word in re.findall(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]*(?![A-Za-z0-9_])", clean):
        if word in ("None", "True", "False", "null", "undefined", "NaN"):
            yield "raw value", word
        elif "_" in word and not word.isupper():
            yield "raw code", word
        elif len(word) >= 3 and not word.isupper() and word.isalpha() and word not in known:
            yield "English", word
