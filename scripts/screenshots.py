"""Takes the pictures of the README from the demo's database: a server, Chromium, one picture per page of the tour."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("LINGHANG_VAR", ROOT / "var"))
FOLDER = ROOT / "docs" / "pictures"
PORT = os.environ.get("PORT", "8765")
BASE = f"http://127.0.0.1:{PORT}"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# name, account (empty: nobody signs in), path or the words of a link on the start page, size
SHOTS: list[tuple[str, str, str, dict[str, int]]] = [
    ("home", "", "/", DESK),
    ("desk-phone", "学员", "start", PHONE),
    ("desk", "学员", "start", DESK),
    ("course", "学员", "/courses/digital-service-redesign/", DESK),
    ("roll-call-phone", "班主任", "/teach/", PHONE),
    ("board", "培训处", "/office/", DESK),
    ("leaders", "组织部领导", "start", DESK),
    ("verify", "", "/verify/", PHONE),
]


def serve() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        PORT,
        "--no-ws",
        "config.wsgi:application",
    ]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            urllib.request.urlopen(BASE, timeout=5)
            return process
        except OSError:
            time.sleep(0.2)
    process.terminate()
    sys.exit("The server did not start; run make demo SERVE=0 first.")


def sign_in(page: Page, account: dict[str, Any]) -> None:
    page.goto(f"{BASE}/sign-in/")
    page.fill("[name=username]", account["login"])
    page.fill("[name=password]", account["password"])
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def take(browser: Browser, accounts: dict[str, dict[str, Any]], shot: tuple[str, str, str, dict[str, int]]) -> None:
    name, role, place, size = shot
    context = browser.new_context(viewport=size, locale="zh-CN", device_scale_factor=1)
    page = context.new_page()
    if role:
        sign_in(page, accounts[role])
    path = accounts[role]["start"] if place == "start" else place
    page.goto(BASE + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"docs/pictures/{name}.png  {page.title()}")
    context.close()


def main() -> None:
    file = VAR / os.environ.get("LINGHANG_DEMO_NAME", "demo") / "accounts.json"
    if not file.exists():
        sys.exit("There is no demo yet; run make demo SERVE=0 first.")
    accounts = {row["role"]: row for row in json.loads(file.read_text(encoding="utf-8"))}
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = serve()
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            for shot in SHOTS:
                take(browser, accounts, shot)
            browser.close()
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
