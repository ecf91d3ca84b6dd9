# What people do with Rollcall. Needs make, Python 3.11 or newer and a package index; .ci/venv makes the rest.
#
#   make demo      something to try: installs, prepares an organization, serves it
#   make test      all tests, on the embedded PostgreSQL; ARGS="tests/idp -k okta" for some of them
#   make check     what has to hold besides: style, types, walls, migrations, schema, lock file
#   make format    put style right
#   make schema    write api/graphql/schema.graphql and docs/events anew
#   make bench     measure, each operation beside the least that it could cost

PYTHON_IN_VENV := .venv/bin/python
UV := .venv/bin/uv
SOURCES := api dashboard db tests bench
WORKERS := 2
PROVIDERS := tests/idps/node_modules/.package-lock.json
VALIDATION := tests/browser/validating/node_modules/.package-lock.json

# An active environment or settings of the user's own must not lead the installation elsewhere.
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV UV_PYTHON UV_SYSTEM_PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo install test providers browser check style types walls migrations sdl lock format schema bench

help:
	@sed -n 's/^#   //p' Makefile

demo: install
	@$(PYTHON_IN_VENV) -m api demo

install: .venv/installed

.venv/installed: pyproject.toml uv.lock $(UV)
	$(UV) sync --quiet --frozen --inexact
	@touch $@

$(UV):
	@PYTHON="$(PYTHON)" .ci/venv

test: install providers browser
	$(PYTHON_IN_VENV) -m pytest -n $(WORKERS) $(ARGS)

# Identity providers that tests sign in at, and what validates HTML. Without npm those tests are left out and say so; in
# CI they fail.
providers:
	@if command -v npm >/dev/null; then $(MAKE) --silent $(PROVIDERS) $(VALIDATION) || [ -z "$$CI" ]; \
	    else echo "No npm: tests that need identity providers or an HTML validator on Node.js are left out."; fi

$(PROVIDERS) $(VALIDATION): %/node_modules/.package-lock.json: %/package.json %/package-lock.json
	npm ci --prefix $* --no-audit --no-fund --silent
	@touch $@

# The browser that tests see pages in. Where none can be had those tests fail, and say what to do.
browser: install
	@$(PYTHON_IN_VENV) -m tests.browser.chromium >/dev/null || true

check: style types walls migrations sdl lock

style: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: install
	.venv/bin/mypy $(SOURCES)

walls: install
	.venv/bin/lint-imports

migrations: install
	@$(PYTHON_IN_VENV) -c 'import asyncio, sys; from db.migrations import unmigrated_changes; \
	    changes = asyncio.run(unmigrated_changes()); \
	    sys.exit("\n".join(["Tables changed without a migration:", *changes]) if changes else 0)' >/dev/null

sdl: install
	@$(PYTHON_IN_VENV) -m api.graphql --check
	@$(PYTHON_IN_VENV) -m api.webhooks --check

schema: install
	@$(PYTHON_IN_VENV) -m api.graphql
	@$(PYTHON_IN_VENV) -m api.webhooks

lock: install
	$(UV) lock --check --offline

format: install
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

bench: install
	$(PYTHON_IN_VENV) -m bench $(ARGS)
