# Every command of the project. `make` alone lists them.

# Any Python 3 may start the set-up, which then looks for one that tagwerk can use.
define SETUP
@for python in "$$PYTHON" python3 python3.13 python3.12 python3.11 python3.14 python; do \
	if [ -n "$$python" ] && "$$python" -c "import sys; sys.exit(sys.version_info < (3, 6))" >/dev/null 2>&1; then \
		exec "$$python" tools/setup.py $(1); \
	fi; \
done; \
echo "setup: tagwerk needs Python 3.11 to 3.14, and none was found (Debian: apt-get install python3 python3-venv)." >&2; \
exit 1
endef

CHECKS := .venv/bin/python tools/checks.py

.PHONY: help setup setup-test demo test test-long bench screenshots lint types contracts docs mutate

help:
	@echo "make demo       set everything up here and start it with sample projects"
	@echo "make setup      only the set-up, without starting anything"
	@echo "make test       set-up with test tools, then every check and every test"
	@echo "make test-long  kill rounds, rare cases, all rounds of hostile values, the house's mutations, studies"
	@echo "make bench      measurements, one JSON line for each figure"
	@echo "make screenshots  pictures of every page in all its states, and a contact sheet of them"
	@echo "make lint, types, contracts, docs: single parts of make test; make mutate: only the house's mutations"

setup:
	$(call SETUP,)

setup-test:
	$(call SETUP,--test)

demo: setup
	@exec .venv/bin/tagwerk demo

test: setup-test
	@exec $(CHECKS)

test-long: setup-test
	@exec $(CHECKS) long

mutate: setup-test
	@exec .venv/bin/python tools/mutate_house.py

bench: setup-test
	@exec .venv/bin/python -m benchmarks

screenshots: setup-test
	@.venv/bin/python -m pytest -q -n 2 tests/screenshots.py
	@echo "Look at build/screenshots/index.html"

lint types contracts docs: setup-test
	@exec $(CHECKS) $@
