"""Names of the style sheets, scripts and drawings that more than one place needs."""

from __future__ import annotations

ICON_SPRITE = "vendor/tabler-icons-3.51.0/sprite.svg"
TABLER_CSS = "vendor/tabler-1.0.0/tabler.min.css"
HTMX_JS = "vendor/htmx-2.0.11/htmx.min.js"
VIDEO_JS = "vendor/video.js-8.24.1/video.core.min.js"
VIDEO_LANG_JS = "vendor/video.js-8.24.1/lang/zh-CN.js"
VIDEO_CSS = "vendor/video.js-8.24.1/video-js.min.css"

TOKENS_CSS = "core/css/tokens.css"
COMPONENTS_CSS = "core/css/components.css"
OFFICE_CSS = "core/css/office.css"
# What the office (Wagtail's admin) loads: no Tabler, no layout of ours.
OFFICE_STYLESHEETS = (TOKENS_CSS, COMPONENTS_CSS, OFFICE_CSS)
