# One command each; run.py does the work, so machines without make have the same.
PYTHON ?= python3

.PHONY: run serve test test-slow check bench screenshots setup
run serve test test-slow check bench screenshots setup:
	@$(PYTHON) run.py $@
