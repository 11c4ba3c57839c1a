# `make run` starts everything, `make test` tests it; neither needs more than make and Python 3.11 or newer.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; PYTHON=… on the command line names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# Test processes side by side, and arguments for pytest: make test ARGS="callbacks -k claim"
JOBS ?= 2
ARGS ?=
# What the services suite talks to unless the environment says otherwise.
SERVICES_DATABASE_URL = $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/callcenter)
SERVICES_REDIS_URL = $(or $(REDIS_URL),redis://127.0.0.1:6379/0)
# Modules checked by mypy: pure decisions, and the kernel everything rests on.
TYPED = $(wildcard */rules.py */rules/*.py */rules/*/*.py callcenter/workflow.py \
	callcenter/workdays.py callcenter/sweeps.py callcenter/schedule.py callcenter/celery.py callcenter/embedded.py \
	callcenter/catalogues.py)

.PHONY: help python setup setup-dev run test test-services test-browser check bench format lock $(CHECKS)

help:
	@echo "make run            install what is missing, then start web, worker and beat on http://127.0.0.1:8000"
	@echo "make test           the test suite on the embedded database"
	@echo "make test-services  the same and the concurrency tests on PostgreSQL and Redis (DATABASE_URL, REDIS_URL)"
	@echo "make test-browser   the pages in Chromium (CHROMIUM=/path/to/chromium)"
	@echo "make check          format, lint, layers, types, migrations, translations, deployment settings, templates"
	@echo "make bench          the performance measurements in bench/"
	@echo "make format         rewrite Python and templates in the house style"
	@echo "make lock           pin the newest versions that requirements*.in allow"

python:
	@test -n "$(PYTHON)" || { python3 --version; echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3.12 …"; exit 1; }

setup: python
	@$(PYTHON) tools/install.py runtime assets

setup-dev: python
	@$(PYTHON) tools/install.py dev assets
	@$(PY) manage.py messages compile

run: setup
	@exec $(PY) tools/run.py

test: setup-dev
	$(PYTEST) -n $(JOBS) $(ARGS)

test-services: setup-dev
	DATABASE_URL=$(SERVICES_DATABASE_URL) REDIS_URL=$(SERVICES_REDIS_URL) $(PYTEST) -n $(JOBS) -m "not browser" $(ARGS)

test-browser: setup-dev
	$(PYTEST) -m browser tests/browser $(ARGS)

CHECKS = check-format check-lint check-layers check-types check-migrations check-settings check-templates \
	check-translations

# Every check runs, also after one has failed, so that one look shows all that is to do.
check: setup-dev
	@$(MAKE) --keep-going $(CHECKS)

check-format:
	$(PY) -m ruff format --check --output-format concise .

check-lint:
	$(PY) -m ruff check --output-format concise .

check-layers:
	.venv/bin/lint-imports --no-logo

check-types:
	$(PY) -m mypy --no-error-summary $(TYPED)

check-migrations:
	$(PY) manage.py makemigrations --check --dry-run

check-settings:
	$(PY) manage.py check --fail-level WARNING
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') HTTPS=true ALLOWED_HOSTS=calls.example.org \
		FIELD_KEYS=$$($(PY) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
		$(PY) manage.py check --deploy --fail-level WARNING

check-templates:
	$(PY) -m djlint --lint --quiet templates

check-translations:
	$(PY) manage.py messages check

bench: setup-dev
	@for script in $(sort $(wildcard bench/[a-z]*.py)); do echo "== $$script"; $(PY) $$script $(ARGS) || exit 1; done

format: setup-dev
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

lock: setup-dev
	$(PY) -m pip install --quiet --disable-pip-version-check uv
	$(PY) -m uv pip compile --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url -q -o requirements.txt requirements.in
	$(PY) -m uv pip compile --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url -q -o requirements-dev.txt requirements-dev.in
