"""The frame of every page: language, display, refusals in words, error pages, vendored files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client, override_settings
from django.utils import translation

from core.display import Display, read
from tests.browser import PHONE, axe_violations, english_in, english_on_chinese, launch, newer_than_es2020, overflowing

pytestmark = pytest.mark.urls("tests.core.shell_urls")
ROOT = Path(settings.BASE_DIR)
HERE = "http://testserver/plain/"
SPOILT = (
    '<div style="width:60px;overflow:hidden;white-space:nowrap">这一行很长很长很长</div><img src="data:,"><p>Submit</p>'
)


@pytest.fixture
def browser() -> Client:
    """A browser that reports a broken view as the page it would see."""
    return Client(raise_request_exception=False)


class TestLanguage:
    def test_the_browsers_header_decides_nothing(self, client: Client) -> None:
        assert client.get("/spoken/", headers={"accept-language": "en"}).content == b"zh-hans"

    def test_a_visitor_chooses_and_the_choice_stays(self, client: Client) -> None:
        response = client.post("/language/", {"language": "en", "next": "/plain/"})
        assert (response.status_code, response["Location"]) == (302, "/plain/")
        assert client.get("/spoken/").content == b"en"
        assert client.get("/spoken/").headers["Content-Language"] == "en"

    def test_an_unknown_language_is_refused_in_words(self, client: Client) -> None:
        response = client.post("/language/", {"language": "tlh", "next": "/plain/"}, follow=True)
        assert "没有这种语言" in response.content.decode()
        assert client.get("/spoken/").content == b"zh-hans"

    def test_a_foreign_address_is_not_followed(self, client: Client) -> None:
        assert client.post("/language/", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"

    def test_choosing_takes_a_post(self, client: Client) -> None:
        assert client.get("/language/").status_code == 405

    @pytest.mark.django_db
    def test_the_account_speaks_before_the_cookie(self, personas: dict[str, Any], signed_in: Any) -> None:
        user = personas["trainee"]
        user.__class__.objects.filter(pk=user.pk).update(language="en")
        browser = signed_in(user)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
        assert browser.get("/spoken/").content == b"en"
        browser.post("/language/", {"language": "zh-hans"})
        user.refresh_from_db()
        assert user.language == "zh-hans"

    def test_one_request_leaves_nothing_to_the_next(self, client: Client) -> None:
        before = translation.get_language()
        client.post("/language/", {"language": "en"})
        client.get("/spoken/")
        assert translation.get_language() == before


class TestDisplay:
    def test_the_choice_is_written_into_the_page(self, client: Client) -> None:
        client.post("/display/", {"theme": "dark", "text": "large", "contrast": "high"})
        page = client.get("/plain/").content.decode()
        assert 'data-bs-theme="dark"' in page
        assert 'data-text="large"' in page
        assert 'data-contrast="high"' in page

    def test_the_page_works_without_scripts(self, client: Client) -> None:
        page = client.get("/display/?next=/plain/").content.decode()
        assert '<form class="lh-display" method="post" action="/display/"' in page
        assert 'name="next" value="/plain/"' in page

    @pytest.mark.parametrize("value", ["", "x", "dark", "..", "dark.huge.high.more", "<script>"])
    def test_any_cookie_is_readable(self, value: str) -> None:
        assert isinstance(read(value), Display)
        assert read("dark.huge.high") == Display("dark", "normal", "high")


class TestRefusals:
    def test_a_form_is_answered_where_the_person_stands(self, client: Client) -> None:
        response = client.post("/refuse/", headers={"referer": HERE})
        assert (response.status_code, response["Location"]) == (302, HERE)
        assert [str(m) for m in get_messages(response.wsgi_request)] == ["名额已满，请先减少其他单位的名额。"]

    def test_from_elsewhere_it_is_a_page_of_its_own(self, client: Client) -> None:
        response = client.post("/refuse/", headers={"referer": "https://evil.example/plain/"})
        assert response.status_code == 422
        assert "名额已满，请先减少其他单位的名额。" in response.content.decode()

    def test_reading_is_never_redirected(self, client: Client) -> None:
        assert client.get("/refuse/", headers={"referer": HERE}).status_code == 422

    def test_a_conflict_says_so(self, client: Client) -> None:
        response = client.get("/conflict/")
        assert response.status_code == 409
        assert "请刷新后再操作" in response.content.decode()

    def test_a_part_of_a_page_gets_the_sentence_alone(self, client: Client) -> None:
        response = client.post("/refuse/", headers={"hx-request": "true", "referer": HERE})
        assert response.status_code == 422
        assert response["HX-Retarget"] == "#messages"
        assert "<html" not in response.content.decode()
        assert "名额已满" in response.content.decode()

    def test_other_errors_are_not_swallowed(self, browser: Client) -> None:
        assert browser.get("/broken/").status_code == 500


class TestErrorPages:
    @pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
    def test_each_says_what_happened_and_what_to_do(self, client: Client, name: str) -> None:
        page = client.get(f"/styleguide/page/{name}/").content.decode()
        assert re.search(r'<p class="lh-lede">[^<]+。</p>', page)
        assert re.search(r"<p>[^<]*请[^<]+。</p>", page)
        assert "本系统为非涉密系统，请勿上传、处理国家秘密" in page

    def test_a_wrong_address(self, client: Client) -> None:
        response = client.get("/no-such-page/")
        assert response.status_code == 404
        assert "没有找到这一页" in response.content.decode()

    def test_a_broken_view_shows_the_calm_page(self, browser: Client) -> None:
        page = browser.get("/broken/").content.decode()
        assert "系统出了故障" in page
        assert "on fire" not in page

    def test_a_form_without_its_token(self) -> None:
        response = Client(enforce_csrf_checks=True).post("/display/", {"theme": "dark"})
        assert response.status_code == 403
        assert "页面已经过期" in response.content.decode()


class TestFrame:
    def test_skip_link_secrecy_line_and_issuer(self, client: Client) -> None:
        page = client.get("/plain/").content.decode()
        assert page.index('href="#main"') < page.index("<header")
        assert "本系统为非涉密系统，请勿上传、处理国家秘密" in page
        assert settings.LINGHANG_ISSUER in page

    def test_no_inline_script_and_nothing_from_elsewhere(self, client: Client) -> None:
        page = client.get("/styleguide/").content.decode()
        assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
        assert not re.findall(r"\son[a-z]+=", page)
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)

    @override_settings(LINGHANG_ISSUER="<b>&")
    def test_the_issuer_is_escaped(self, client: Client) -> None:
        assert "&lt;b&gt;&amp;" in client.get("/plain/").content.decode()


class TestVendoredFiles:
    def test_they_are_what_the_list_says(self) -> None:
        done = subprocess.run(
            [sys.executable, "scripts/vendor.py", "--check"], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def test_each_folder_has_its_licence(self) -> None:
        folders = [p for base in ("static/vendor", "tests/vendor") for p in (ROOT / base).iterdir() if p.is_dir()]
        assert folders
        assert [p.name for p in folders if not (p / "LICENCE").is_file()] == []

    def test_no_style_sheet_asks_another_host(self) -> None:
        sheets = [*(ROOT / "static/vendor").rglob("*.css"), *(ROOT / "core/static").rglob("*.css")]
        asking = r"url\(\s*[\"']?(?:https?:)?//|@import"
        assert [s.name for s in sheets if re.search(asking, s.read_text(encoding="utf-8"))] == []

    def test_nothing_points_at_a_source_map(self) -> None:
        files = [p for p in (ROOT / "static/vendor").rglob("*") if p.suffix in (".js", ".css")]
        assert [p.name for p in files if "sourceMappingURL" in p.read_text(encoding="utf-8")] == []

    def test_the_names_in_the_code_exist(self) -> None:
        from core import assets

        names = [value for name, value in vars(assets).items() if name.isupper() and isinstance(value, str)]
        roots = (ROOT / "static", ROOT / "core" / "static")
        assert [n for n in names if not any((root / n).is_file() for root in roots)] == []


class TestFindings:
    """The helpers that look at pages find what they are for: a clean page proves nothing without this."""

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("截至 2026-11-23", "ISO date"),
            ("状态：not_recorded", "raw code"),
            ("单位：None", "raw value"),
            ("点击 Save 保存", "English"),
        ],
    )
    def test_english_and_codes(self, text: str, kind: str) -> None:
        assert [finding.split(":")[0] for finding in english_in([text])] == [kind]

    @pytest.mark.parametrize(
        "text", ["按 GB/T 4762 填写", "花名册 roster-2026.xlsx", "2026年11月23日", "证书编号 LH2026-0001"]
    )
    def test_what_belongs_on_a_chinese_page(self, text: str) -> None:
        assert english_in([text]) == []


@pytest.mark.journey
class TestInChromium:
    @pytest.mark.parametrize("cookie", ["light.normal.normal", "dark.large.high"])
    @pytest.mark.parametrize("width", [PHONE, 1440])
    def test_the_gallery_is_clean(self, live_server: Any, width: int, cookie: str) -> None:
        with launch(width=width) as context:
            context.add_cookies([{"name": "display", "value": cookie, "url": live_server.url}])
            page, complaints = context.new_page(), []
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            for path in ("/styleguide/", "/styleguide/page/cadre/", "/styleguide/page/404/"):
                page.goto(live_server.url + path)
                assert axe_violations(page) == []
                assert overflowing(page) == []
            assert complaints == []

    def test_the_helpers_see_a_spoilt_page(self, live_server: Any) -> None:
        with launch(width=PHONE) as context:
            page = context.new_page()
            page.goto(live_server.url + "/plain/")
            assert (axe_violations(page), overflowing(page), english_on_chinese(page)) == ([], [], [])
            page.evaluate("spoilt => document.querySelector('main').innerHTML = spoilt", SPOILT)
            assert any("image-alt" in finding for finding in axe_violations(page))
            assert any("clipped" in finding for finding in overflowing(page))
            assert any("Submit" in finding for finding in english_on_chinese(page))

    def test_scripts_can_be_read_by_browsers_of_2020(self, tmp_path: Path) -> None:
        newer = tmp_path / "newer.js"
        newer.write_text("class A { static { this.b ||= 1; } }")
        shipped = [
            *(ROOT / "static/vendor").rglob("*.js"),
            *(p for p in ROOT.glob("*/static/*/js/*.js") if p.relative_to(ROOT).parts[0] != "var"),
        ]
        assert shipped
        with launch() as context:
            page = context.new_page()
            assert newer_than_es2020(page, shipped) == []
            assert len(newer_than_es2020(page, [newer])) == 1

    def test_display_takes_effect_at_once_and_lasts(self, live_server: Any) -> None:
        with launch(width=PHONE) as context:
            page = context.new_page()
            page.goto(live_server.url + "/plain/")
            page.get_by_label("显示设置", exact=True).click()
            page.locator("header").get_by_label("深色").check()
            assert page.get_attribute("html", "data-bs-theme") == "dark"
            page.keyboard.press("Escape")
            assert page.locator("header details[open]").count() == 0
            page.reload()
            assert page.get_attribute("html", "data-bs-theme") == "dark"
