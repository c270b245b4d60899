# Linghang: every target a newcomer needs. `make help` lists them.
SHELL := /bin/bash
PY := .venv/bin/python
DEMO_ENV = DJANGO_SETTINGS_MODULE=config.settings.demo
export PYTHONUNBUFFERED = 1

.DEFAULT_GOAL := help
.PHONY: help demo demo-year dev test test-sqlite test-postgres crawl lint bench screenshots lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.venv/.run: uv.lock scripts/bootstrap.sh
	@scripts/bootstrap.sh run

.venv/.dev: uv.lock scripts/bootstrap.sh
	@scripts/bootstrap.sh dev

demo: .venv/.run ## Run a whole class from roster to certificate, then serve it (SERVE=0, ROSTER=, UNITS=, SEED=, HOST=)
	@$(PY) scripts/demo.py --serve "$(SERVE)" --roster "$(ROSTER)" --units "$(UNITS)" --seed "$(SEED)" --host "$(HOST)"

demo-year: .venv/.run ## The year of an office: 12 classes, 2,000 cadres, five years of hours; then serve it (SERVE=0)
	@$(PY) scripts/demo.py --year --serve "$(SERVE)" --host "$(HOST)"

dev: .venv/.dev ## Serve the demo's database with automatic reload
	@$(DEMO_ENV) LINGHANG_DEBUG=1 $(PY) manage.py runserver

test: .venv/.dev ## Run every test on SQLite and on PostgreSQL, journeys in Chromium, lint and types
	@$(PY) scripts/test_suite.py

test-sqlite: .venv/.dev ## Run every test on SQLite only
	@$(PY) scripts/test_suite.py sqlite

test-postgres: .venv/.dev ## Run every test on PostgreSQL only
	@$(PY) scripts/test_suite.py postgres

crawl: .venv/.dev ## Crawl every page as every persona at phone and desk width (part of make test)
	@LINGHANG_TEST_DB=sqlite DJANGO_SETTINGS_MODULE=config.settings.test $(PY) -m pytest tests/journeys/test_crawl.py -q -n 2 --dist loadgroup

lint: .venv/.dev ## Check style, types, borders and missing migrations
	@$(PY) scripts/test_suite.py lint

bench: .venv/.dev ## Print the performance ratios, measured in one interleaved run
	@$(PY) -m benchmarks

screenshots: .venv/.dev ## Take the pictures of the README from the demo's database
	@$(PY) scripts/screenshots.py

lock: ## Refresh uv.lock (maintainers)
	@.venv/bin/uv lock --upgrade
