# One command each; run.py does the work, so machines without make have the same.
PYTHON ?= python3

.PHONY: run serve test test-slow check bench screenshots setup lock audit
run serve test test-slow check bench screenshots setup lock audit:
	@$(PYTHON) run.py $@
