# Layerbook: the two that matter are `make report` and `make test`; both install what is missing first.
#
#   make report [REPORT=convergence] [MODEL=llama-1b] [OUT=site]   build, then write the pages of reports/
#   make test                                                     build, then run every test
#   make pdf [REPORT=convergence] [OUT=site]                       the same pages as PDF, by a headless Chromium
#   make archive [REPORT=convergence] [ARCHIVE=archive]            build, then keep a version of every report
#   make cluster-test [CLUSTER_PYTHON=python3]                     the package of assets/cluster, on two processes
#   make models [MODELS_OUT=DIR] [MODELS="atlas-bert …"]           train the embedded models anew
#   make build | bench | fuzz | check | docs | sanitize | clean | format | install PREFIX=/usr/local

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := report

PREFIX ?= /usr/local
OUT ?= site
ARCHIVE ?= archive
PACKAGES := libcmark-dev libonig-dev libopenblas0 libpng-dev libssl-dev pkg-config python3
BIN := .build/release/layerbook
BENCH_VENV := .build/bench-venv
LENS_VENV := .build/lens-venv

TEMPLATES := $(if $(REPORT),reports/$(REPORT).md,)
SETTINGS := $(if $(MODEL),--set model=$(MODEL),) $(if $(DATASET),--set dataset=$(DATASET),)

.PHONY: report pdf archive models test cluster-test build bench validate fuzz check docs sanitize clean format install deps

report: build
	@$(BIN) render $(TEMPLATES) --book reports --out $(OUT) $(SETTINGS)

# A PDF beside each page: numbered, under a running title, with the data of the figures at the end.
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
PAGES = $(if $(REPORT),$(OUT)/$(REPORT).html,$(shell find $(OUT) -name '*.html' ! -name index.html ! -name '*.preview.html' | sort))
pdf: report
	@if [ -z "$(CHROMIUM)" ]; then \
	  echo "make pdf needs Chromium (apt-get install chromium) or Google Chrome, and none is on the PATH" >&2; exit 1; fi
	@for page in $(PAGES); do \
	  "$(CHROMIUM)" --headless $$(if [ "$$(id -u)" = 0 ]; then echo --no-sandbox; fi) --disable-gpu --no-pdf-header-footer \
	    --print-to-pdf="$${page%.html}.pdf" "file://$$(realpath "$$page")" >/dev/null 2>&1 && [ -s "$${page%.html}.pdf" ] \
	    || { echo "$(CHROMIUM) made no PDF of $$page" >&2; exit 1; }; \
	  echo "$${page%.html}.pdf"; done

archive: build
	@$(BIN) archive add $(REPORT) --book reports --archive $(ARCHIVE) $(SETTINGS)

# The embedded models and their tokenizers from their seed, their corpus and assets/models/train.sh, and what they have learned
# beside those that are embedded (assets/models/README.md). It overwrites nothing: what is in MODELS_OUT already stays, and a
# run that was stopped goes on.
MODELS_OUT ?= .build/models
MODELS ?= atlas-llama atlas-gpt2 atlas-bert atlas-restless atlas-settled atlas-further atlas-shallow
models: build
	@swift build -c release --product layerbook-models
	@for model in $(MODELS); do \
	  start=$$SECONDS; LAYERBOOK=$(BIN) LAYERBOOK_MODELS=$(BIN)-models assets/models/train.sh $$model $(MODELS_OUT); \
	  echo "$(MODELS_OUT)/$$model  $$((SECONDS - start)) s"; done
	@$(BIN)-models quality $(foreach model,$(MODELS),assets/models/$(model) $(MODELS_OUT)/$(model))

# Without testable imports the tests share every object file with the program.
test: deps
	@swift test -c release --disable-testable-imports

# Needs pytest, torch, transformers and accelerate. LAYERBOOK names another program to compare with than the one built here.
CLUSTER_PYTHON ?= python3
cluster-test:
	@if ! $(CLUSTER_PYTHON) -c 'import accelerate, pytest, torch, transformers' 2>/dev/null; then \
	  echo "skipped: $(CLUSTER_PYTHON) has no pytest, torch, transformers and accelerate (pip install './assets/cluster[test]')" >&2; \
	else $(CLUSTER_PYTHON) -m pytest -q -rP assets/cluster/tests; fi

build: deps
	@swift build -c release --product layerbook
	@swift build -c release --product layerbook-serve

# Installs the C libraries this links against; says in one line what to do where it cannot.
deps:
	@if ! command -v swift >/dev/null; then \
	  echo "layerbook needs Swift 6.2 or newer, from swift.org/install; no 'swift' on the PATH" >&2; exit 1; fi
	@missing=""; for p in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null; then run="sudo"; else run="none"; fi; \
	  if [ "$$run" = none ] || ! command -v apt-get >/dev/null; then \
	    echo "layerbook needs these packages, please install them:$$missing" >&2; exit 1; fi; \
	  echo "installing$$missing" >&2; \
	  { $$run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$run apt-get install -y -qq $$missing; } >/dev/null \
	    || { echo "apt-get could not install:$$missing" >&2; exit 1; }; fi

# Compares with what a researcher would use instead, in one run on this machine: an hour at most, and most of it waits for
# the others. Torch alone is several gigabytes in .build.
bench: build $(BENCH_VENV)/.ready $(LENS_VENV)/.ready
	@$(MAKE) --no-print-directory deps PACKAGES="r-cran-rmarkdown r-cran-codetools pandoc"
	@swift build -c release --product layerbook-bench
	@.build/release/layerbook-bench page
	@.build/release/layerbook-bench tokenizers --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench capture --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench capture --streamed
	@.build/release/layerbook-bench backward --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench distill --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench distill --model assets/models/atlas-llama --texts 16 --tokens 32 --steps 10 --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench decode --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench exit
	@.build/release/layerbook-bench exit --model assets/models/atlas-llama --prompt 16
	@.build/release/layerbook-bench exit-curve
	@.build/release/layerbook-bench lens --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench lens --memory
	@.build/release/layerbook-bench contribution --python $(LENS_VENV)/bin/python
	@.build/release/layerbook-bench contribution --model assets/models/atlas-gpt2 --python $(LENS_VENV)/bin/python
	@.build/release/layerbook-bench memory --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench knowledge --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench regression --python $(BENCH_VENV)/bin/python
	@.build/release/layerbook-bench regression --widths --python $(BENCH_VENV)/bin/python
	@$(MAKE) --no-print-directory validate

# Archives of every report, judged by the field's own validators. RO-Crate's fetches a context from the network once;
# LAYERBOOK_CRATE_OPTIONS="--offline --cache-path FILE" makes do with its cache.
validate: build $(BENCH_VENV)/.ready
	@rm -rf .build/bench/archive
	@$(BIN) archive add --book reports --archive .build/bench/archive >/dev/null
	@for bag in .build/bench/archive/*/*; do \
	  $(BENCH_VENV)/bin/bagit.py --quiet --validate $$bag; \
	  $(BENCH_VENV)/bin/rocrate-validator --disable-color --no-interactive validate $(LAYERBOOK_CRATE_OPTIONS) --no-paging \
	    --profile-identifier ro-crate-1.1 $$bag/data >.build/bench/validator.log || { cat .build/bench/validator.log; exit 1; }; \
	  echo "$$bag: valid BagIt and RO-Crate"; done

$(BENCH_VENV)/.ready:
	@python3 -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/pip install --quiet numpy scikit-learn tokenizers transformers safetensors torch bagit roc-validator knowledge-neurons einops
	@touch $@

# TransformerLens takes a stream apart by these functions until its version 3, and wants libraries of its day.
$(LENS_VENV)/.ready:
	@python3 -m venv $(LENS_VENV)
	@$(LENS_VENV)/bin/pip install --quiet 'transformer-lens>=2.16,<3'
	@touch $@

# Ten minutes of libFuzzer over the readers of files; what it finds becomes a test.
FUZZ_SECONDS ?= 600
fuzz: deps
	@LAYERBOOK_FUZZ=1 swift build --scratch-path .build/fuzz -c release --product Fuzz -Xswiftc -sanitize=fuzzer,address
	@swiftc -sanitize=fuzzer,address -use-ld=lld .build/fuzz/release/libFuzz.a -lm -lcrypto -lonig -lcmark -o .build/fuzz/run
	@mkdir -p .build/fuzz/found
	@ASAN_OPTIONS=detect_leaks=0 LAYERBOOK_FUZZ_FIXTURES=$(CURDIR)/Tests/Fixtures SWIFT_BACKTRACE=enable=no .build/fuzz/run -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -detect_leaks=0 \
	  .build/fuzz/found Tests/Fuzz/Corpus

# A conversion that traps where the number does not fit, in what reads files.
UNCHECKED := '\bU?Int(8|16|32)\((?!clamping|exactly|truncatingIfNeeded|bitPattern|ascii)(?!digit|count\b|byte|first|bits|pattern|value\))'
FILE_READERS := Sources/Tokenizers/Loading Sources/Checkpoints Sources/JSONText Sources/YAML Sources/Tabular Sources/Results Sources/Books \
  Sources/Directives Sources/Files Sources/Transformers/Families $(wildcard Sources/Transformers/*.swift)

# Formatting, imports that nothing needs (Tests/ImportCheck/README.md says what is found), conversions that could trap, a
# dry run of every template.
check: deps
	@swift format lint --strict --recursive Sources Tests Package.swift
	@$(MAKE) --no-print-directory build
	@swift build -c release --product import-check
	@swift package dump-package | .build/release/import-check
	@if grep -rnP $(UNCHECKED) --include=*.swift $(FILE_READERS); then \
	  echo "a number out of a file may not fit: write clamping:, exactly: or truncatingIfNeeded:" >&2; exit 1; fi
	@$(BIN) check --book reports

# The public API as DocC in .build/docs/site, from the symbol graphs of the release build. A warning fails it, but for the
# one that asks for words on every parameter where one has some: a parameter whose name says all has none here.
DOCS := .build/docs
MODULE_MAPS := $(foreach target,CBLASShim CKernels,-Xcc -fmodule-map-file=.build/release/$(target).build/module.modulemap) \
  $(addprefix -I ,$(dir $(wildcard Sources/*/module.modulemap))) -I .build/checkouts/Yams/Sources/CYaml/include
docs: build
	@rm -rf $(DOCS) && mkdir -p $(DOCS)/graphs
	@for module in $(patsubst Sources/%/README.md,%,$(wildcard Sources/*/README.md)); do \
	  swift symbolgraph-extract -module-name $$module -target $$(uname -m)-unknown-linux-gnu -I .build/release/Modules \
	    $(MODULE_MAPS) -minimum-access-level public -skip-synthesized-members -skip-inherited-docs \
	    -output-dir $(DOCS)/graphs; done
	@docc convert --additional-symbol-graph-dir $(DOCS)/graphs --output-dir $(DOCS)/site \
	  --fallback-display-name Layerbook --fallback-bundle-identifier layerbook >$(DOCS)/log 2>&1 || { cat $(DOCS)/log; exit 1; }
	@awk -v RS= '/^(warning|error)/ && !/is missing documentation/ { print $$0 "\n"; found = 1 } END { exit found }' \
	  $(DOCS)/log >&2
	@echo "$(DOCS)/site"

# Thread Sanitizer over what runs on several threads and in several processes, Address Sanitizer over what reads files;
# each builds everything anew, the tests' programs included. Leaks are not looked for: what an enumeration holds hangs on
# pointers with marks in them, which the sanitizer does not follow.
THREADED_TESTS := TensorsTests|RegressionTests|ResultsTests|CaptureTests|ConcurrencyTests|DeterminismTests|PreviewSiteTests
READING_TESTS := FilesTests|JSONTextTests|CheckpointsTests|TokenizersTests|TransformersTests|YAMLTests|DirectivesTests
READING_TESTS := $(READING_TESTS)|MarkdownTests|EquationsTests|BooksTests|ResultsTests
# Held to the clock, which a sanitizer slows, or killing a program at a moment it reaches later then.
TIMED_TESTS := Quickly|LessThan|FiftyKills|killedOwner|KillTests|ClockTests|LongTextTests|HostilePatternTests
sanitize: deps
	@TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/ThreadSanitizer.supp swift test -c release --disable-testable-imports \
	  --scratch-path .build/tsan --sanitize=thread --filter '$(THREADED_TESTS)' --skip '$(TIMED_TESTS)'
	@ASAN_OPTIONS=detect_leaks=0 swift test -c release --disable-testable-imports --scratch-path .build/asan --sanitize=address \
	  --filter '$(READING_TESTS)' --skip '$(TIMED_TESTS)'

format:
	@swift format --in-place --recursive Sources Tests Package.swift

install: build
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	@install -m 755 $(BIN) $(BIN)-serve "$(DESTDIR)$(PREFIX)/bin"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/layerbook"

clean:
	@rm -rf .build site .layerbook
