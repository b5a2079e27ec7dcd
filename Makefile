# Short names in front of meson; CI, ./demo and ./check use the same ones. `make help` lists them.
# Each variant has its own folder (build, build-asan, …); ccache, where it is, makes a fresh one warm.

SETUP  ?=      # more words for `meson setup`, as SETUP=-Dwerror=true
TESTS  ?=      # which tests, as TESTS=base/day or TESTS='--suite journey'
LENGTH ?= 600  # seconds for each fuzzer
FUZZER ?=      # one fuzzer instead of all

MESON_TEST = meson test --no-rebuild --print-errorlogs

.PHONY: help deps build test asan ubsan tsan fuzz chaos bench mutants cover tidy format \
        guide floors clauses i18n advise random clean have-demo have-check have-more tests-on

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## installs what is missing (the only name that installs)
	@tools/deps

have-demo have-check have-more: have-%:
	@tools/deps --missing $*

build: have-demo build/build.ninja ## the program, at build/lantian
	@ninja -C build lantian

build/build.ninja:
	@meson setup build $(SETUP)

# A folder set up on a machine without cmocka knows no tests; this makes it look again.
tests-on: have-check build/build.ninja
	@meson configure build | grep -q '^ *tests  *enabled' || meson configure build -Dtests=enabled
	@ninja -C build

test: tests-on ## all tests, or TESTS=…
	@$(MESON_TEST) -C build $(TESTS)

# Meson finds ccache by itself only where the compiler is not named.
CCACHE   := $(if $(shell command -v ccache),ccache)
WITH_GCC   = CC='$(CCACHE) gcc' meson setup -Dtests=enabled
WITH_CLANG = CC='$(CCACHE) clang' meson setup -Dtests=enabled -Dwerror=true -Db_lundef=false
# What needs a server, a browser or many minutes stays out of the slow variants.
QUICK = $(or $(TESTS),--no-suite journey --no-suite chaos --no-suite bench --no-suite browser --no-suite cases \
          --no-suite tools --no-suite docs)

asan: have-check ## unit tests under clang's address and undefined sanitizers
	@[ -f build-asan/build.ninja ] || $(WITH_CLANG) -Db_sanitize=address,undefined build-asan
	@ninja -C build-asan
	@$(MESON_TEST) -C build-asan $(QUICK) --timeout-multiplier 3

ubsan: have-check ## unit tests under gcc's undefined sanitizer, ending at the first finding
	@[ -f build-ubsan/build.ninja ] || CFLAGS=-fno-sanitize-recover=all $(WITH_GCC) \
	    -Db_sanitize=undefined build-ubsan
	@ninja -C build-ubsan
	@$(MESON_TEST) -C build-ubsan $(QUICK) --timeout-multiplier 3

tsan: have-check ## tests under the thread sanitizer, and the server under load on both engines
	@[ -f build-tsan/build.ninja ] || $(WITH_CLANG) -Db_sanitize=thread build-tsan
	@ninja -C build-tsan
	@$(MESON_TEST) -C build-tsan $(QUICK) --timeout-multiplier 5
	@[ -n "$(TESTS)" ] || tests/with-pg $(MESON_TEST) -C build-tsan --timeout-multiplier 5 --suite journey \
	    --num-processes 1
	@[ -n "$(TESTS)" ] || LANTIAN_LONG=1 tests/with-pg $(MESON_TEST) -C build-tsan --timeout-multiplier 0 \
	    served/twins_sqlite served/twins_postgres

fuzz: have-check ## every fuzzer for LENGTH seconds, or FUZZER=…
	@[ -f build-fuzz/build.ninja ] || $(WITH_CLANG) -Dfuzzers=enabled \
	    -Db_sanitize=address,undefined build-fuzz
	@ninja -C build-fuzz
	@tools/fuzz build-fuzz $(LENGTH) $(FUZZER)

chaos: tests-on ## kill -9, full disks and lost databases at random moments, the long form
	@LANTIAN_LONG=1 $(MESON_TEST) -C build --suite chaos --timeout-multiplier 0 --verbose

bench: tests-on ## the benchmarks, with the limit of this machine measured in the same run
	@LANTIAN_LONG=1 $(MESON_TEST) -C build --benchmark --timeout-multiplier 0 --verbose $(TESTS)

random: tests-on ## 10,000 random command sequences a procedure of each regime, under its invariants
	@ninja -C build
	@for pack in regimes/*.yaml; do world=tests/cases/$$(basename $$pack .yaml)/random.world; \
	  if [ -f $$world ]; then build/tests/cases/run_random $$pack $$world 10000 || exit 1; fi; done

mutants: tests-on ## removes each rule of the packs in turn, lists those that no test notices
	@tools/mutants

cover: have-more ## line and branch coverage of the unit tests, build-cover/coverage.html
	@[ -f build-cover/build.ninja ] || $(WITH_GCC) -Db_coverage=true \
	    -Dbuildtype=debug build-cover
	@ninja -C build-cover
	@$(MESON_TEST) -C build-cover $(QUICK)
	@cd build-cover && gcovr -r .. --object-directory . -f ../src --html-details coverage.html \
	    --print-summary

tidy: have-more build/build.ninja ## clang-tidy over src/
	@[ -f build-tidy/build.ninja ] || $(WITH_CLANG) build-tidy
	@ninja -C build-tidy
	@git ls-files 'src/*.c' | xargs -P2 -n4 clang-tidy -p build-tidy --quiet

format: have-more ## lays out all C by .clang-format
	@git ls-files '*.c' '*.h' | grep -v '^third_party/' | xargs clang-format -i

guide: build ## the pictures of docs/guide, taken from the example
	@node tests/browser/guide.mjs build/lantian docs/guide/pictures

floors: ## draws the floors from the real includes; fails on an upward arrow or a circle
	@tools/floors

clauses: ## which clauses are obeyed and proved, a source
	@tools/clauses

i18n: ## missing and unused words
	@tools/i18n

advise: ## what reviews said twice
	@tools/advise

clean: ## removes every build folder
	@rm -rf build build-*
