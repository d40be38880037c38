# Each target sets up what it needs by itself, in a fresh clone: the environment stands in .venv, or in VENV.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REPORT := rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json
REPORTS := xlsx html md
NOTICE := jiangmen/department-overall@2024
FIRST := tests/test_public.py tests/test_real_report.py tests/test_rulesets.py tests/findings tests/facts
DRAFT := jiangmen/department-overall@2025

.DEFAULT_GOAL := help
.PHONY: help score report test pythons cases check readme bench format clean

help:  ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Only what the command needs; the tools of a developer come with .venv/dev.
$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/dev: $(VENV)/installed
	$(BIN)/pip install --quiet --editable '.[dev,all]'
	@touch $@

score: $(VENV)/installed  ## Score the real department, say what is open, and hold its claims against its figures
	@$(BIN)/jmrules score $(REPORT)
	@$(BIN)/jmrules review $(REPORT)

# Needs Word, pages and charts beside the command.
$(VENV)/report: $(VENV)/installed
	$(BIN)/pip install --quiet --editable '.[report]'
	@touch $@

report: $(VENV)/report  ## Make all documents of the real department, and of its notice, in build/report
	@mkdir -p build/report
	@for ending in $(REPORTS); do $(BIN)/jmrules report $(REPORT) -o build/report/评分表.$$ending || exit; done
	@for kind in report=自评报告 opinion=复核意见 reply=复核意见回复; do \
	  $(BIN)/jmrules report $(REPORT) --as $${kind%%=*} -o build/report/$${kind#*=}.docx || exit; \
	done
	@for ending in docx xlsx html md; do \
	  $(BIN)/jmrules render $(NOTICE) -o build/report/评分标准.$$ending || exit; \
	  $(BIN)/jmrules render $(DRAFT) --against $(NOTICE) -o build/report/评分标准对照.$$ending || exit; \
	done
	@$(BIN)/jmrules template $(NOTICE) -o build/report/填报表.xlsx

test: $(VENV)/dev  ## Run every test
	$(BIN)/pytest -n auto

# Each in an environment of its own; those that are not here are named.
pythons:  ## Run what users meet first on each other Python from 3.12 on that is here
	@for version in 3.12 3.13 3.14; do \
	  found=$$(command -v python$$version | grep -v /shims/ || ls -d "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python 2>/dev/null | tail -n 1); \
	  if [ -z "$$found" ]; then echo "Python $$version is not here: nothing was run on it"; continue; fi; \
	  echo "Python $$version: $$found"; \
	  $(MAKE) VENV=.venv-$$version PYTHON="$$found" .venv-$$version/dev || exit 1; \
	  .venv-$$version/bin/pytest -n auto --hypothesis-profile=quick $(FIRST) || exit 1; \
	done

cases: $(VENV)/dev  ## Hold every ruleset to its cases: branches taken, mutants noticed
	$(BIN)/jmrules test --mutate --min-coverage 100 --min-killed 95

check: $(VENV)/dev  ## Look at style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/dev  ## Lay the code out
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

readme: $(VENV)/dev  ## Write the opening of both README files from what the commands say
	JMRULES_REWRITE=1 $(BIN)/pytest -q tests/docs/test_readme.py

bench: $(VENV)/dev  ## Print speeds as ratios in one run
	$(BIN)/python tests/bench/real.py
	$(BIN)/python tests/bench/score.py
	$(BIN)/python tests/bench/feel.py
	$(BIN)/python tests/bench/columns.py
	$(BIN)/python tests/bench/long.py

clean:  ## Remove what was made
	rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
