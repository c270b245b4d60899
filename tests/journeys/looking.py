"""What every page owes: it answers, its text is whole and Chinese, and nobody is shut out from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from tests.architecture.house import APPS
from tests.browser import axe_violations, english_on_chinese, overflowing

# The name of the other language, keys, the anchors that an editor gives to sections, and a mark that Wagtail's
# editor leaves in the page.
LATIN = frozenset({"English", "Linghang", "Ctrl", "Alt", "Shift", "Esc", "what", "purpose", "who", "safety", "rights"})
FILES = (".pdf", ".xlsx", ".csv", ".vtt", ".mp4", ".zip", ".jpg", ".png", ".webp", ".svg")
# Leaving signs out, and what another crawl cannot come back from.
NEVER = frozenset({"people:sign-out", "core:language", "core:display"})
WAGTAILS_EDITOR = ("/office/courses/courses/", "/office/courses/lessons/", "/office/snippets/", "/office/pages/")
MOST = 90  # addresses of one person


def name_of(path: str) -> str:
    """The name of an address with its namespace; the path where it has none."""
    try:
        return resolve(path).view_name or path
    except Resolver404:
        return path


def is_ours(path: str) -> bool:
    """Whether the page is drawn by one of our views, viewsets of our models included."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    model = getattr(view, "view_initkwargs", {}).get("model")
    modules = [getattr(view, "__module__", ""), getattr(model, "__module__", "")]
    if any(path.startswith(editor) for editor in WAGTAILS_EDITOR):
        return False
    return any(module.split(".")[0] in APPS for module in modules) or path == "/office/"


def signs_in(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("工号").fill(login)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


# What moves has come to rest; what turns for ever is not waited for.
SETTLED = """
() => Promise.all(document.getAnimations()
  .filter((one) => one.effect && one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => null)))
"""


BEING_SWAPPED = ".htmx-request[hx-target], .htmx-swapping"  # faded until the answer stands there


def faults(page: Page, *, allowed: Iterable[str] = (), thorough: bool = True) -> Iterator[str]:
    """What is wrong with the page that is open; ``thorough`` asks axe as well."""
    expect(page.locator(BEING_SWAPPED)).to_have_count(0)
    page.evaluate(SETTLED)
    where = urlsplit(page.url).path
    known = {*LATIN, *allowed}
    yield from (f"{where} {line}" for line in english_on_chinese(page, allowed=known) if "(<div> </div>)" not in line)
    yield from (f"{where} upload without the secrecy line: {name}" for name in page.evaluate(UNWARNED_UPLOADS))
    if is_ours(where) or not where.startswith("/office/"):
        yield from (f"{where} {line}" for line in overflowing(page))
        if thorough:
            yield from (f"{where} axe {line}" for line in axe_violations(page, exclude=WAGTAILS_OWN))


# Files that are asked for where nothing but the foot of the page says that this is no system for secrets.
UNWARNED_UPLOADS = """
() => [...document.querySelectorAll("input[type=file]")]
  .filter((one) => !document.querySelector("main .lh-secrecy"))
  .filter((one) => !one.form?.textContent.includes("本系统为非涉密系统"))
  .map((one) => one.name)
"""

# Parts of the office that Wagtail draws around every page.
WAGTAILS_OWN = ("#wagtail-sidebar", "#wagtail-userbar")


@dataclass
class Crawl:
    """Follows the links of one person, one address of each name, breadth first.

    Who comes second to a kind of page (``known``) sees other rows in the same frame: the words and the desk's width are
    looked at again, the other widths and axe are not.
    """

    page: Page
    start: str
    widths: tuple[int, ...]
    known: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    noise: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        """Everything that is wrong; the pages come in the order in which a person finds them."""
        self.page.on("pageerror", lambda error: self.noise.append(f"script: {error}"))
        waiting = deque([self.start, "/"])
        while waiting and len(self.seen) < MOST:
            url = waiting.popleft()
            name = name_of(urlsplit(url).path)
            if "/office/bulk/" in url:
                continue  # its script adds what was ticked
            if name not in self.seen and name not in NEVER:
                self.seen.add(name)
                waiting.extend(self._visit(url, thorough=name not in self.known))
                self.known.add(name)
        return self.told

    def _visit(self, url: str, *, thorough: bool) -> list[str]:
        if self._is_file(url):
            return []
        try:
            answer = self.page.goto(url, wait_until="load")
        except Exception as stopped:
            if "ERR_ABORTED" not in str(stopped) and "Download is starting" not in str(stopped):
                raise
            return []  # a file to be kept
        status = answer.status if answer else 0
        if status >= 400:
            self.told.append(f"{url} answers {status}")
            return []
        for width in self.widths if thorough else self.widths[:1]:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.told.extend(f"{width} px {line}" for line in faults(self.page, thorough=thorough))
        self.told.extend(f"{url} {line}" for line in self.noise)
        self.noise.clear()
        return list(self._links())

    def _is_file(self, url: str) -> bool:
        """Files are asked for, not shown."""
        path = urlsplit(url)
        if not path.path.endswith(("/file/", "/export/", *FILES)) and "export=" not in path.query:
            return False
        answer = self.page.request.get(url)
        if answer.status >= 400:
            self.told.append(f"{url} answers {answer.status}")
        return True

    def _links(self) -> Iterator[str]:
        here = urlsplit(self.page.url)
        hrefs = self.page.eval_on_selector_all(
            "a[href]:not([download]):not([data-method])", "links => links.map(link => link.getAttribute('href'))"
        )
        for href in hrefs:
            url = urlsplit(urljoin(self.page.url, href))
            if url.netloc == here.netloc and url.scheme.startswith("http"):
                yield url._replace(fragment="").geturl()
