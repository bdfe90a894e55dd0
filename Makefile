# Everything runs in a virtual environment of the project's own, made when first needed.
PYTHON ?= python3
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# torch from the project's own pin; set TORCH_INDEX to an index of CPU builds to save the CUDA packages.
TORCH_INDEX ?=
NOTEBOOKS := $(wildcard notebooks/[0-9]_*.ipynb)
# No timings, progress bars or widgets in what is stored: they would differ each time and need widget state.
# Kernels talk over this machine's loopback; that this is not encrypted is no news to the reader.
QUIET := 2> >(grep -v "Kernel is running over TCP" >&2)
EXECUTE := TQDM_DISABLE=1 RETOLD_STATIC=1 $(BIN)/jupyter nbconvert --log-level ERROR --to notebook --execute \
	--ExecutePreprocessor.record_timing=False --ExecutePreprocessor.store_widget_state=False

.PHONY: help report article pictures notebooks test browser marathon fuzz soak licences audit lint format bench clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@echo "installing torch, then the rest of requirements.txt: some minutes, without a word"
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$$(grep -o '^torch==[^ ]*' requirements.txt)"
	$(PIP) -r requirements.txt
	$(PIP) --no-deps -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	touch $@

report: $(VENV)/ready  ## the main job: the five documents to reports/h200/report.html and executed notebooks
	$(BIN)/retold run data/stories/h200 --out reports/h200
	@echo "running the $(words $(NOTEBOOKS)) notebooks: a minute or two"
	@$(EXECUTE) --output-dir reports/h200/notebooks $(NOTEBOOKS) $(QUIET)
	@echo "Open reports/h200/report.html, or: $(BIN)/jupyter lab notebooks/0_tour.ipynb"

article: $(VENV)/ready  ## the worked case as an article: docs/h200.md and its pictures
	$(BIN)/python -m retold.report.article data/stories/h200 docs/h200.md

pictures: $(VENV)/ready-dev browser report  ## the screenshots in docs/img
	PYTHONPATH=tests $(BIN)/python tests/pictures.py

notebooks: $(VENV)/ready  ## execute the notebooks in place, with their outputs
	$(EXECUTE) --inplace $(NOTEBOOKS) $(QUIET)

test: $(VENV)/ready-dev browser  ## every test
	$(BIN)/pytest

browser:  # what the tests look at pages with, if it is missing and can be had
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || test -n "$$CHROMIUM" || { \
		echo "installing chromium from the system's packages for the browser tests"; \
		apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core; } >&2 || \
		echo "no chromium here and none could be installed: the browser tests are skipped (set CHROMIUM to a browser)" >&2

marathon: $(VENV)/ready-dev  ## the long tests of docs/trust.md: 200 kills of each kind and more
	$(BIN)/pytest -m marathon --timeout 0

fuzz: $(VENV)/ready-dev  ## 100,000 inputs to every reader and rule, guided by coverage (hours)
	$(PIP) -r requirements-fuzz.txt
	$(BIN)/python -m benchmarks.fuzz --guided

soak: $(VENV)/ready-dev  ## 5,000 stories in one process (docs/trust.md has the last result)
	$(BIN)/python -m benchmarks.soak

licences: $(VENV)/ready-dev  ## every package, model and file with its licence, checked against the allowed ones
	$(BIN)/python -m benchmarks.licences

audit: $(VENV)/ready-dev  ## known vulnerabilities of the packages, where the service answers
	$(BIN)/python -m benchmarks.audit

lint: $(VENV)/ready-dev  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/ready-dev  ## put the code in ruff's format
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/ready-dev  ## every benchmark whose data are there (docs/measured.md has the last figures)
	$(BIN)/python -m benchmarks.sentence_ends
	$(BIN)/python -m benchmarks.align
	$(BIN)/python -m benchmarks.findings
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks.claims
	$(BIN)/python -m benchmarks.corpus --versions 60
	$(BIN)/python -m benchmarks.summaries
	$(BIN)/python -m benchmarks.translate --limit 100
	$(BIN)/python -m benchmarks.speed

clean:  ## remove what can be made again here (your store and the model cache stay)
	rm -rf reports .pytest_cache .mypy_cache .ruff_cache
