# Each target sets up what it needs by itself, in a fresh clone: the environment stands in .venv.
PYTHON ?= python3
BIN := .venv/bin
REPORT := rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json
REPORTS := xlsx html md
NOTICE := jiangmen/department-overall@2024
DRAFT := jiangmen/department-overall@2025

.DEFAULT_GOAL := help
.PHONY: help score report test cases check readme bench format clean

help:  ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Only what the command needs; the tools of a developer come with .venv/dev.
.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/dev: .venv/installed
	$(BIN)/pip install --quiet --editable '.[dev,all]'
	@touch $@

score: .venv/installed  ## Score the real department, say what is open, and hold its claims against its figures
	@$(BIN)/jmrules score $(REPORT)
	@$(BIN)/jmrules review $(REPORT)

# Needs Word, pages and charts beside the command.
.venv/report: .venv/installed
	$(BIN)/pip install --quiet --editable '.[report]'
	@touch $@

report: .venv/report  ## Make all documents of the real department, and of its notice, in build/report
	@mkdir -p build/report
	@for ending in $(REPORTS); do $(BIN)/jmrules report $(REPORT) -o build/report/评分表.$$ending || exit; done
	@for kind in report opinion reply; do $(BIN)/jmrules report $(REPORT) --as $$kind -o build/report/$$kind.docx || exit; done
	@for ending in docx xlsx html md; do \
	  $(BIN)/jmrules render $(NOTICE) -o build/report/评分标准.$$ending || exit; \
	  $(BIN)/jmrules render $(DRAFT) --against $(NOTICE) -o build/report/评分标准对照.$$ending || exit; \
	done
	@$(BIN)/jmrules template $(NOTICE) -o build/report/填报表.xlsx

test: .venv/dev  ## Run every test
	$(BIN)/pytest -n auto

cases: .venv/dev  ## Hold every ruleset to its cases: branches taken, mutants noticed
	$(BIN)/jmrules test --mutate --min-coverage 100 --min-killed 95

check: .venv/dev  ## Look at style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/dev  ## Lay the code out
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

readme: .venv/dev  ## Write the opening of both README files from what the commands say
	JMRULES_REWRITE=1 $(BIN)/pytest -q tests/docs/test_readme.py

bench: .venv/dev  ## Print speeds as ratios in one run
	$(BIN)/python tests/bench/real.py
	$(BIN)/python tests/bench/score.py
	$(BIN)/python tests/bench/feel.py
	$(BIN)/python tests/bench/columns.py
	$(BIN)/python tests/bench/long.py

clean:  ## Remove what was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
