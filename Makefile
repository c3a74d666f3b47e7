# The commands everyone uses. `make` alone lists them.
#
# Python 3.11 or newer, make and pip are all that must be there: each command makes .venv and
# installs the locked, hashed requirements it needs, again only after they have changed.
#
# Settings come from the environment or from .env (see .env.example), or may be given here:
#   make run PORT=9000 DATABASE_URL=postgres://… CACHE_URL=redis://… SITE_URL=https://…

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

# The first of these that is new enough makes .venv; or say `make run PYTHON=/usr/bin/python3.12`.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
# -qq leaves out pip's chatter, not its errors.
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes

BASE := $(VENV)/.installed-base
DEV := $(VENV)/.installed-dev
APPS := editorial sources missions kosovo_peace
PYTHON_FILES = $(shell find $(APPS) benchmarks scripts tests manage.py -name '*.py' -not -path '*/migrations/*' 2>/dev/null)
TEMPLATES = $(shell find templates -name '*.html' 2>/dev/null)

export PYTHONUNBUFFERED := 1

# --- the site -----------------------------------------------------------------------------------

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

.PHONY: run
run: $(BASE) ## set up, load the founding record, serve http://127.0.0.1:8000/
	@exec $(PY) manage.py serve

.PHONY: demo
demo: $(BASE) ## the same with drafts, reviews, reports and answers to look at, in a database of its own
	@exec $(PY) manage.py demo

.PHONY: dev
dev: $(DEV) ## the same database with DEBUG on, reloading as files change
	@export DEBUG=1; $(PY) manage.py migrate --verbosity 0 && exec $(PY) manage.py runserver 127.0.0.1:$(or $(PORT),8000)

# --- tests --------------------------------------------------------------------------------------

# The same tests on both databases, then the browser. What this machine's environment says must
# not decide what is tested, nor that every process compiles the tests anew.
# Of a process that is done the other takes over what it has still before it (worksteal), and what a
# file sets up for all its tests is mostly set up once.
PYTEST = $(PY) -m pytest
ON_TWO_CORES = -n 2 --dist worksteal
NOT_BROWSER = -m 'not browser' --ignore tests/browser -p no:playwright
TEST_ENV = env -u CACHE_URL -u SITE_URL -u ALLOWED_HOSTS -u TRUSTED_PROXIES -u SSL_REDIRECT -u PORT \
	-u PYTHONDONTWRITEBYTECODE DEBUG=0 \
	SECRET_KEY=for-tests-and-checks-only-50-characters-of-no-secrecy-at-all
SQLITE = DATABASE_URL=sqlite://:memory:
heading = @printf '\n======== %s ========\n' '$(1)'

.PHONY: test
test: test-sqlite test-postgres test-browser ## every test: on SQLite, on a real PostgreSQL, in a real browser

.PHONY: test-sqlite
test-sqlite: $(DEV)
	$(call heading,Tests on SQLite)
	@$(TEST_ENV) $(SQLITE) $(PYTEST) $(ON_TWO_CORES) $(NOT_BROWSER)

.PHONY: test-postgres
test-postgres: $(DEV)
	$(call heading,Tests on PostgreSQL)
	@$(TEST_ENV) $(PY) scripts/with_postgres.py $(PYTEST) $(ON_TWO_CORES) $(NOT_BROWSER)

# Playwright runs an event loop in the tests' thread, which Django would take for async code.
# STACK=1 runs them before nginx and two web processes, as a server has them (slower: what nginx keeps must be waited for).
.PHONY: test-browser
test-browser: $(DEV)
	$(call heading,Tests in a browser)
	@chromium="$$($(PY) scripts/chromium.py)" && \
	$(TEST_ENV) $(SQLITE) CHROMIUM="$$chromium" DJANGO_ALLOW_ASYNC_UNSAFE=1 STACK=$(STACK) \
		$(PYTEST) $(if $(STACK),,$(ON_TWO_CORES)) -m browser tests/browser

.PHONY: guide
guide: $(DEV) ## take the pictures of docs/editors.md anew, by walking the guide in a browser
	@chromium="$$($(PY) scripts/chromium.py)" && \
	$(TEST_ENV) $(SQLITE) CHROMIUM="$$chromium" GUIDE_PICTURES=1 DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PYTEST) -m browser tests/browser/test_editors_guide.py

.PHONY: api-guide
api-guide: $(DEV) ## run the examples of docs/api.md and of the API's document, and write down what they say now
	$(TEST_ENV) $(SQLITE) API_GUIDE=write $(PYTEST) -q -p no:xdist tests/founding/test_api_guide.py
	@$(MAKE) --silent openapi

OPENAPI = $(TEST_ENV) $(SQLITE) $(PY) manage.py spectacular --validate --fail-on-warn --file
.PHONY: openapi
openapi: $(DEV) ## write docs/openapi.yaml, the document of the API, from the code
	@$(OPENAPI) docs/openapi.yaml

# --- measurements -------------------------------------------------------------------------------

# BENCH_EVENTS=2000 for a quick try. BENCH_DATABASE_URL names a database on a server that keeps what is
# filled, in databases of their own, for the next time; without it there is a server for this run.
.PHONY: bench
bench: $(DEV) ## measure lists, exports and search on 100,000 invented events (docs/performance.md)
	@$(TEST_ENV) DATABASE_URL='$(BENCH_DATABASE_URL)' $(PY) scripts/with_postgres.py $(PY) -m benchmarks \
		--events $(or $(BENCH_EVENTS),100000) --to $(or $(BENCH_TO),var/bench.md) \
		$(if $(BENCH_PARTS),--parts $(BENCH_PARTS)) $(if $(BENCH_ROUNDS),--rounds $(BENCH_ROUNDS))

# A look at the founding record on a site of its own, or at SITE=https://…; PAGES=home,mission are some of its kinds of
# pages (benchmarks/page_kinds.py).
LOOK = $(if $(SITE),--site '$(SITE)') $(if $(PAGES),--pages '$(PAGES)')
.PHONY: screenshots
screenshots: $(DEV) ## take pictures of every kind of page in every width and light (TO=var/screenshots)
	@chromium="$$($(PY) scripts/chromium.py)" && \
	$(TEST_ENV) CHROMIUM="$$chromium" $(PY) -m benchmarks.screenshots --to '$(or $(TO),var/screenshots)' $(LOOK) \
		$(if $(VIEWS),--views '$(VIEWS)')

.PHONY: axe
axe: $(DEV) ## let axe judge every kind of page by WCAG 2.2 AA, in light and dark, on a phone and a desk
	@chromium="$$($(PY) scripts/chromium.py)" && \
	$(TEST_ENV) CHROMIUM="$$chromium" $(PY) -m benchmarks.accessibility $(LOOK)

.PHONY: lighthouse
lighthouse: $(DEV) ## let Lighthouse judge six kinds of pages, five times each (RUNS=1; docs/performance.md)
	@chromium="$$($(PY) scripts/chromium.py)" && \
	$(TEST_ENV) CHROMIUM="$$chromium" $(PY) -m benchmarks.lighthouse --to '$(or $(TO),var/lighthouse.md)' $(LOOK) \
		$(if $(RUNS),--runs '$(RUNS)')

# A site of its own, filled and ended by this; SEED=7 for other requests, REQUESTS=2000 for a quick try.
.PHONY: hostile
hostile: $(DEV) ## send 20,000 hostile requests to a site of its own and look what came of it (docs/threat-model.md)
	@$(TEST_ENV) $(PY) -m benchmarks.hostile --to '$(or $(TO),var/hostile.md)' \
		--seed $(or $(SEED),1999) --requests $(or $(REQUESTS),20000)

# Each on a stack of its own (nginx and Redis must be installed). FAULTS=database,disk for some of the faults; LOGS=folder
# keeps what the processes wrote.
.PHONY: faults
faults: $(DEV) ## break one thing after the other under load, and see what holds (docs/performance.md)
	@$(TEST_ENV) DATABASE_URL= $(PY) -m benchmarks.faults --to '$(or $(TO),var/faults.md)' \
		$(if $(FAULTS),--only '$(FAULTS)') $(if $(LOGS),--keep-logs '$(LOGS)')

.PHONY: soak
soak: $(DEV) ## everybody at once for 15 minutes, at 70 % of what the site can bear (SOAK_MINUTES=3)
	@$(TEST_ENV) DATABASE_URL= $(PY) -m benchmarks.soak --to '$(or $(TO),var/soak.md)' --minutes '$(or $(SOAK_MINUTES),15)' \
		$(if $(LOGS),--keep-logs '$(LOGS)')

.PHONY: audit
audit: $(DEV) ## look at what the site is made of: hashes, versions, licences, withdrawn releases (SECURITY.md)
	@$(PY) scripts/audit.py $(AUDIT)

# Needs nginx and redis-server (Debian: apt-get install nginx redis-server). CHECK=1 proves what they promise together.
.PHONY: stack
stack: $(DEV) ## run the processes of a server without containers: PostgreSQL, Redis, web, worker, nginx with TLS
	@env -u CACHE_URL -u SITE_URL -u ALLOWED_HOSTS -u TRUSTED_PROXIES $(PY) -m benchmarks.stack $(if $(CHECK),--check)

.PHONY: moved
moved: $(DEV) ## back the founding record up and restore it, SQLite to PostgreSQL and back: all pages the same bytes?
	@$(TEST_ENV) $(PY) -m benchmarks.moved $(if $(DEMO),--demo) $(if $(SHARE),--share '$(SHARE)')

.PHONY: validate
validate: $(DEV) ## let the Nu HTML Checker read a page of every kind (needs Java and npm; docs/style.md)
	@$(TEST_ENV) $(PY) -m benchmarks.validity $(LOOK)

# --- checks -------------------------------------------------------------------------------------
# .pre-commit-config.yaml runs the same list, by the same names.

CHECKS := check-format check-lint check-types check-imports check-wording check-migrations check-openapi check-compose \
	check-requirements

.PHONY: check $(CHECKS)
check: $(DEV) ## format, lint, types, import order, wording, missing migrations, the API's document
	@$(MAKE) --no-print-directory -j2 --output-sync=target check-types $(filter-out check-types,$(CHECKS))
	@echo 'All checks passed.'

check-format: $(DEV)
	@echo 'Format …'
	@$(BIN)/ruff format --quiet --check . || { echo 'Run `make format`.'; exit 1; }
	@test -z '$(TEMPLATES)' || $(BIN)/djade --check $(TEMPLATES) || { echo 'Run `make format`.'; exit 1; }
	@test -z '$(TEMPLATES)' || $(BIN)/djhtml --check --tabwidth 2 $(TEMPLATES) >/dev/null || { echo 'djhtml would indent templates anew: run `make format`.'; exit 1; }

check-lint: $(DEV)
	@echo 'Lint …'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/django-upgrade --check --target-version 5.2 $(PYTHON_FILES)
	@test -z '$(TEMPLATES)' || $(BIN)/djlint --quiet --lint templates

check-types: $(DEV)
	@echo 'Types …'
	@$(TEST_ENV) $(SQLITE) $(BIN)/mypy --no-error-summary

check-imports: $(DEV)
	@echo 'Import order between the apps …'
	@$(TEST_ENV) $(SQLITE) $(BIN)/lint-imports --no-cache >$(VENV)/imports.log 2>&1 || { cat $(VENV)/imports.log; exit 1; }

check-wording: $(DEV)
	@echo 'Wording …'
	@$(PY) scripts/check_wording.py

check-migrations: $(DEV)
	@echo 'Django checks, missing migrations …'
	@$(TEST_ENV) $(SQLITE) SITE_URL=https://kosovo-peace.example $(PY) manage.py check --deploy --fail-level WARNING >/dev/null
	@$(TEST_ENV) $(SQLITE) $(PY) manage.py makemigrations --check --dry-run

check-openapi: $(DEV)
	@echo 'docs/openapi.yaml …'
	@$(OPENAPI) $(VENV)/openapi.yaml
	@diff --unified docs/openapi.yaml $(VENV)/openapi.yaml || { echo 'The API is not what its document says: run `make openapi` if that is meant.'; exit 1; }

check-compose: $(DEV)
	@echo 'docker-compose.yml, Dockerfile …'
	@$(PY) -m scripts.check_compose

check-requirements: $(DEV)
	@echo 'requirements/*.txt …'
	@$(PY) scripts/audit.py --offline >$(VENV)/audit.log || { cat $(VENV)/audit.log; exit 1; }

.PHONY: format
format: $(DEV) ## write Python and templates as the checks want them
	@$(BIN)/django-upgrade --exit-zero-even-if-changed --target-version 5.2 $(PYTHON_FILES)
	@$(BIN)/ruff check --quiet --fix --exit-zero .
	@$(BIN)/ruff format .
	@test -z '$(TEMPLATES)' || $(BIN)/djade $(TEMPLATES) || true
	@test -z '$(TEMPLATES)' || $(BIN)/djhtml --tabwidth 2 $(TEMPLATES) || true

.PHONY: hooks
hooks: $(DEV) ## run the checks before each commit
	@$(BIN)/pre-commit install

# --- set-up -------------------------------------------------------------------------------------

# No address of a package index may stand in these files: pip installs them from wherever it is set to.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml
.PHONY: lock
lock: $(DEV) ## compile pyproject.toml to requirements/*.txt (UPGRADE=--upgrade for newer versions)
	@$(COMPILE) --output-file requirements/base.txt
	@$(COMPILE) --extra dev --constraint requirements/base.txt --output-file requirements/dev.txt
	@if grep -n '://' requirements/*.txt; then echo 'An address in the locked requirements: see above.'; exit 1; fi

.PHONY: clean
clean: ## remove .venv and what the tools left; the site's data in var/ stays
	@rm -rf $(VENV) test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find $(APPS) benchmarks tests scripts -name __pycache__ -prune -exec rm -rf {} +

$(PY):
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is needed: install it, or say which: make $(MAKECMDGOALS) PYTHON=/path/to/python3'; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(PYTHON) is not Python 3.11 or newer.'; exit 1; }
	@echo 'Making $(VENV) …'
	@'$(PYTHON)' -m venv --clear $(VENV) >.venv.log 2>&1 || { cat .venv.log; rm -rf $(VENV) .venv.log; \
		echo; echo 'Could not make $(VENV). On Debian or Ubuntu this is in a package of its own: apt-get install python3-venv'; exit 1; }
	@rm -f .venv.log

$(BASE): requirements/base.txt | $(PY)
	@echo 'Installing what the site needs (about 20 seconds, once) …'
	@$(PIP_INSTALL) -r requirements/base.txt
	@touch $@

# requirements/dev.txt holds the base set too, in the same versions.
$(DEV): requirements/dev.txt requirements/base.txt | $(PY)
	@echo 'Installing what work on the site needs (about a minute, once) …'
	@$(PIP_INSTALL) -r requirements/dev.txt
	@touch $@ $(BASE)
