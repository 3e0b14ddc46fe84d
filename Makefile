# make demo   one command from a spec to a verified, priced engine
# make test   the whole suite; `make fast` the quick part, `make lint` style and types
#
# Needs Python >= 3.11 with venv, a C++ compiler and make. Everything else is installed in .venv.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
CXX ?= g++
BIN := .venv/bin
READY := .venv/.ready
CHECKED := golden hw sim synth tpe tests examples $(wildcard benchmarks)

.PHONY: demo test fast lint check-tools clean

demo: $(READY)
	$(BIN)/python examples/demo.py

test: $(READY)
	$(BIN)/pytest -n 2 --dist worksteal

fast: $(READY)
	$(BIN)/pytest -m fast

lint: $(READY)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy

$(READY): pyproject.toml | check-tools
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

check-tools:
	@test -n "$(PYTHON)" || { \
	  echo "No Python >= 3.11 on PATH: install one, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian: python3-venv)" >&2; exit 1; }
	@command -v $(firstword $(CXX)) >/dev/null || { \
	  echo "No C++ compiler $(CXX) on PATH: install g++, or say make CXX=clang++" >&2; exit 1; }

clean:
	rm -rf .tpe-cache demo-out build
