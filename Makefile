# The front door. Every recipe works from a clean clone: what it needs is installed first.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# npm may run on an older Node; the scripts that it runs find the pinned one first, in node_modules/.bin.
installed := node_modules/.install-stamp

##@ Use
.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: $(installed) ## Install when needed, then serve on http://127.0.0.1:3000
	@exec npm start

.PHONY: migrate
migrate: $(installed) ## Bring the database up to date (DATABASE_URL, or the embedded one)
	@npm run --silent casegate -- migrate up

.PHONY: bench
bench: $(installed) ## Measure against limits and peers; prints one table
	@npm run --silent bench

.PHONY: seed
seed: $(installed) ## Fill a demo's database with made-up cases, up to CASES=10000, for measuring
	@node_modules/.bin/node bench/seed.ts # reads CASES and PASSWORD from the environment, where make puts what it was given

##@ Test
.PHONY: test
test: $(installed) ## Install when needed, then run every test
	@$(MAKE) browser || true # without it the tests that need it fail, and the others run all the same
	@npm test

.PHONY: unit
unit: $(installed) ## Domain, use cases on memory adapters, contracts in memory, boundaries
	@npm run --silent test:unit

.PHONY: integration
integration: $(installed) ## Adapters on a real PostgreSQL: contracts, concurrency, migrations
	@npm run --silent test:integration

.PHONY: api
api: $(installed) ## The real service over HTTP
	@npm run --silent test:api

.PHONY: coverage
coverage: $(installed) ## Every test, with a coverage report in coverage/index.html
	@$(MAKE) browser || true
	@npm run --silent coverage

.PHONY: browser
browser: ## Install Debian's Chromium where there is none, for the tests in a browser
	@if [ -x "$${CHROMIUM_PATH:-/usr/bin/chromium}" ]; then exit 0; fi; \
	if [ -n "$${CHROMIUM_PATH:-}" ] || ! command -v apt-get >/dev/null; then \
	  echo 'The tests in a browser need Chromium: install it, and set CHROMIUM_PATH to its program.' >&2; exit 1; \
	fi; \
	echo 'Installing Chromium by apt-get, for the tests in a browser.'; \
	apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120); \
	if [ "$$(id -u)" -ne 0 ]; then apt=(sudo -n "$${apt[@]}"); fi; \
	"$${apt[@]}" update; \
	"$${apt[@]}" install -y --no-install-recommends chromium >/dev/null

##@ Check
.PHONY: check
check: format-check lint types boundaries coverage build openapi-check ## All that a change must pass

.PHONY: check-all
check-all: check bench ## The same, and the benchmark

.PHONY: format-check
format-check: $(installed)
	@npm run --silent format:check

.PHONY: lint
lint: $(installed) ## ESLint, strict and type-checked
	@npm run --silent lint

.PHONY: types
types: $(installed) ## The TypeScript compiler, without output
	@npm run --silent types

.PHONY: boundaries
boundaries: $(installed) ## Which layer, feature and adapter may import which
	@npm run --silent boundaries

.PHONY: openapi-check
openapi-check: $(installed)
	@npm run --silent openapi -- --check

##@ Make
.PHONY: format
format: $(installed) ## Write every file in the house format
	@npm run --silent format

.PHONY: openapi
openapi: $(installed) ## Write docs/{openapi.json,routes.md,problems.md} from the declarations
	@npm run --silent openapi

.PHONY: build
build: $(installed) ## Compile to dist/, as it is published
	@npm run --silent build

.PHONY: clean
clean: ## Remove what was built and installed (data in .casegate/ stays)
	rm -rf dist coverage node_modules

# Quiet about the engines: what is installed asks for a newer Node than npm may run on, and gets the pinned one.
$(installed): package.json package-lock.json
	npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error
	@touch $@
