# What can be done with a checkout. `make` alone lists it.
BIN := .venv/bin
GROUND := pyproject.toml uv.lock .ci/setup .ci/uv.txt
LOCALES := hub/console/locales
# What Babel writes into a catalogue that nobody has filled in, or that changes with every run.
UNSAID := POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team

.PHONY: help setup demo test check prompts locales catalogues readme simulate faults peers browser pictures bench \
	bench-voice pjsua2 clean
.NOTPARALLEL:

help:  ## list what can be made
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/ready-to-test prompts catalogues  ## install what is missing, render the prompts

# On the standard output stands what the demo says and nothing else, so that a program can read `--once --json`.
demo: .venv/ready-to-run prompts catalogues  ## run a centre and a virtual home (ARGS=--once: the story, without a person)
	@$(BIN)/poga-hub demo $(ARGS)

# Tests that start real programs stay on one worker (tests/conftest.py), and much of what the others do is to wait: so there
# are more workers than a small machine has processors. Both cores must be covered to the last branch.
# The browser's come last, in a process of their own: Playwright leaves a running event loop behind.
test: setup check  ## check, then every test: faults and browser in their short form
	$(BIN)/python -m pytest -n 4 --dist loadgroup --ignore tests/bench --ignore tests/browser --cov --cov-report term
	$(BIN)/python -m pytest tests/browser

check: .venv/ready-to-test  ## style, types and architecture
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

prompts: .venv/ready-to-run  ## render the unit's and the centre's spoken words in every language
	@$(BIN)/python -m device.prompts.render >&2
	@$(BIN)/python -m device.prompts.render --words hub/prompts/words.toml --folder hub/prompts/audio >&2

locales: .venv/ready-to-test  ## collect the console's texts for translation, then build its catalogues
	$(BIN)/pybabel --quiet extract -F pyproject.toml --project Poga --version 1 --copyright-holder "the Poga authors" \
		--sort-by-file --add-location file -o $(LOCALES)/messages.pot hub
	@sed -i -E '/^(# FIRST AUTHOR|"($(UNSAID)):)/d' $(LOCALES)/messages.pot
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-pot-creation-date -i $(LOCALES)/messages.pot -d $(LOCALES)
	$(BIN)/pybabel --quiet compile -d $(LOCALES)

catalogues: .venv/ready-to-run
	@$(BIN)/pybabel --quiet compile -d $(LOCALES)

readme: .venv/ready-to-test  ## write the READMEs' diagrams and tables anew from the code
	$(BIN)/python -m tests.readme

simulate: .venv/ready-to-test  ## play SEEDS random histories over both cores (default 10000)
	$(BIN)/python -m tests.stories.simulation --seeds $(or $(SEEDS),10000)

faults: setup  ## kill, freeze and cut off real programs, N times each (default 30)
	$(BIN)/python -m pytest tests/faults --kills $(or $(N),30) --long -s

peers: setup  ## voice against a phone, odd phones and units, and a registrar (ARGS: pytest's)
	$(BIN)/python -m pytest tests/peers $(ARGS)

browser: setup  ## the console in a real Chromium
	$(BIN)/python -m pytest tests/browser

pictures: setup  ## take the READMEs' pictures anew, from a running demo
	$(BIN)/python -m tests.browser.pictures

bench: setup  ## measure, beside the peers; writes tests/bench/RESULTS.md
	$(BIN)/python -m tests.bench

bench-voice: setup  ## measure voice, beside a peer (ARGS: names of benches); writes tests/bench/RESULTS-voice.md
	@.venv/uv/bin/uv sync --quiet --frozen --inexact --group bench-voice
	$(BIN)/python -m images.pjsua2 --kept
	$(BIN)/python -m tests.bench.voice $(ARGS)

pjsua2: .venv/ready-to-run  ## build our own PJSIP once per machine, install and check it (ARGS="--arch arm64": for a Pi)
	$(BIN)/python -m images.pjsua2 $(ARGS)

clean:  ## remove what was made, .venv too
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis .coverage htmlcov
	find device hub tests -name __pycache__ -prune -exec rm -r {} +

.venv/ready-to-test: $(GROUND)
	@bash .ci/setup >&2

.venv/ready-to-run: $(GROUND)
	@bash .ci/setup runtime >&2
