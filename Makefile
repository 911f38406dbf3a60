# googlemeet: build, test, install. GNU make.
#
#   make            build/googlemeet/core.so, and the command build/bin/googlemeet
#   make static     build/libgooglemeet.a, for a program with the module inside: src/lua_preload.h
#   make demo       set up, build, and show a meeting from the built-in fake
#   make test       set up, build with warnings as errors, lint, run every test
#   make check      test, captions, hosts, tidy, asan, stress, reenter, oom, threads, valgrind, late, soak,
#                   limiter, download, fuzz
#   make hosts      the scripts of examples/hosts/ in Prosody, lighttpd, neomutt, and in HAProxy with Lua 5.4
#   make captions   captions read by parsers and players of others, from npm and Debian
#   make sim        the dispatcher under a million random requests, and processes that share a limit
#                   under a hundred thousand, SEEDS="1 … 10"
#   make scale      what a step of the dispatcher costs with 1 000, 10 000, 100 000 jobs
#   make mutants    breaks the code, one place at a time; a gate must notice;
#                   TABLE=dispatch for one table of spec/mutants, MUTANT="part of a name"
#   make late       no call ends late, whatever servers do; LATE_CALLS=10000, LATE="silent …" for
#                   some of the conditions
#   make archive    an archive of 40 simulated days: a tenth of the conferences always fails,
#                   runs overlap and are killed; ARCHIVE_DAYS=40 ARCHIVE_CONFERENCES=200 ARCHIVE_KILLS=50
#   make soak       calls of all kinds at a server that fails, SOAK_SECONDS=600
#   make limiter    processes that share a limit, counted where they arrive, while everything fails;
#                   LIMITER="file redis …" for some of it, LIMITER_SHORT=1 for half a minute
#   make download   bodies that go to files and functions, from nginx over TLS and from servers that
#                   break and lie; DOWNLOAD="odd disk …" for some of it, DOWNLOAD_SHORT=1 for half a
#                   minute
#   make live       with a real key: prints what only a live account can answer, without a name, an
#                   id or a key; LIVE_WRITES=1 LIVE_MEMBER=address LIVE_BURST=1 LIVE=fake
#   make bench      costs beside bare libcurl; BENCH="name …" for some of it
#   make bench-reports   time and memory of reports of 100 000 entries and 5 000 people
#   make oom        every allocation fails once
#   make stress     a collection at every 7th allocation, with finalizers that close, call and reopen
#   make reenter    finalizers and metamethods change what a call was given, at each allocation
#   make coverage   lines and branches that the specs reach; all others need a reason
#   make platforms  the tests on other systems and processors; ROWS="name …" of spec/platforms/rows.txt
#   make fuzz       any bytes, a fixed number from a fixed seed; FUZZ_SECONDS=600 FUZZ_SEED=… for long
#   make profile    where the instructions of BENCH="get many" go
#   make docs       writes the generated parts of lua/googlemeet/types/ and of the manual, and
#                   build/manual.html
#   make types      checks the types of examples/ and of the scripts in the documents, with
#                   lua-language-server or emmylua_check, whichever is there
#   make install    PREFIX=/usr/local DESTDIR= INSTALL_LMOD=PREFIX/share/lua/5.4
#                   INSTALL_CMOD=PREFIX/lib/lua/5.4; make uninstall takes the same ones
#                   The command goes to PREFIX/bin, its man page and completions to PREFIX/share.
#
# LUA CC CFLAGS LDFLAGS PREFIX DESTDIR are the caller's; so are LUA_CFLAGS,
# CURL_CFLAGS and CURL_LIBS, for which pkg-config is only the default.

LUA ?= lua5.4
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BUILD ?= build
LUA_VERSION := $(or $(shell $(LUA) -e 'io.write(_VERSION:sub(5))' 2>/dev/null),5.4)

ifeq ($(origin LUA_CFLAGS),undefined)
LUA_PC := $(firstword $(foreach name,lua$(LUA_VERSION) lua-$(LUA_VERSION) lua$(subst .,,$(LUA_VERSION)) lua,\
            $(shell pkg-config --exists $(name) 2>/dev/null && echo $(name))))
LUA_CFLAGS := $(if $(LUA_PC),$(shell pkg-config --cflags $(LUA_PC)))
endif
ifeq ($(origin CURL_CFLAGS),undefined)
CURL_CFLAGS := $(shell pkg-config --cflags libcurl 2>/dev/null)
endif
ifeq ($(origin CURL_LIBS),undefined)
CURL_LIBS := $(or $(shell pkg-config --libs libcurl 2>/dev/null),-lcurl)
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wundef -Wwrite-strings -Wvla -Wformat=2
WERROR ?=
# gnu11: C11 and POSIX, without a feature macro in every file.
# Files of any size, and folders with any numbers in them, on 32 bits, too.
# PORTABLE=1 does without what Linux has and others lack. The same bytes come from any folder.
COMPILE = $(CC) -std=gnu11 $(WARNINGS) -fvisibility=hidden -fPIC -D_FILE_OFFSET_BITS=64 \
          $(if $(PORTABLE),-DMEET_PORTABLE) '-fdebug-prefix-map=$(CURDIR)=.' \
          $(CPPFLAGS) $(CFLAGS) $(LUA_CFLAGS) $(CURL_CFLAGS)
ifeq ($(shell uname),Darwin)
MODULE := -bundle -undefined dynamic_lookup
else
MODULE := -shared
AS_NEEDED := -Wl,--as-needed
endif
SYSTEM_LIBS := -lm -lpthread

CORE := $(BUILD)/googlemeet/core.so
PROGRAM := $(BUILD)/bin/googlemeet
SOURCES := $(sort $(wildcard src/*.c))
OBJECTS := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(SOURCES))
# What a C test may use: everything below the binding. The archive gives a test
# only the files it needs.
LIBRARY := $(BUILD)/libcore.a
# For a program that has the module inside: the binding and the Lua files, too.
STATIC := $(BUILD)/libgooglemeet.a
C_TESTS := $(patsubst spec/c/%.c,$(BUILD)/c/%,$(sort $(wildcard spec/c/*_test.c)))
SIMULATOR := $(BUILD)/sim/simulate
SHARED_SIMULATOR := $(BUILD)/sim/shared
SIMULATORS := $(SIMULATOR) $(SHARED_SIMULATOR)
SCALE := $(BUILD)/bench/scale
FUZZERS := $(patsubst spec/fuzz/%,$(BUILD)/fuzz/%,\
             $(sort $(basename $(wildcard spec/fuzz/*_fuzz.c spec/fuzz/*_fuzz.lua))))
LUA_FILES := $(shell find lua -name '*.lua' | sort)

# Specs, examples and the fake run from the tree, whatever the caller has set;
# the caller's own paths stay behind ours. Relative: specs stay in this folder.
export LUA CC
suffix := $(subst .,_,$(LUA_VERSION))
user_path := $(or $(LUA_PATH_$(suffix)),$(LUA_PATH))
user_cpath := $(or $(LUA_CPATH_$(suffix)),$(LUA_CPATH))
ours := ./lua/?.lua;./lua/?/init.lua;./?.lua
from_tree = LUA_PATH='$(ours);$(or $(user_path),;)' \
            LUA_CPATH='./$(BUILD)/?.so;$(or $(user_cpath),;)'
unexport LUA_PATH_$(suffix) LUA_CPATH_$(suffix)

MAKEFLAGS += --no-print-directory
# A gate builds on every processor, unless the caller's make has its own -j.
PROCESSORS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
parallel = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(PROCESSORS))
ASAN_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
              -fno-sanitize-recover=undefined

.PHONY: all static test check captions hosts lint tidy format asan stress reenter threads valgrind oom coverage \
        sim mutants late archive soak limiter download live bench bench-reports platforms profile fuzz docs types demo install uninstall clean deps c-tests scale FORCE
.DELETE_ON_ERROR:

all: $(CORE) $(PROGRAM)

# One line a file; V=1 shows the commands.
say = $(if $(V),,@echo '  $(1)';)

# -- build --------------------------------------------------------------------

# Other flags than last time build everything again.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(LDFLAGS) $(CURL_LIBS)' | cmp -s - $@ || \
	    echo '$(COMPILE) $(LDFLAGS) $(CURL_LIBS)' >$@

# Objects of a build that took warnings for errors serve any build; the others
# do not serve that one.
STRICT := $(if $(WERROR),$(BUILD)/strict)
$(BUILD)/strict:
	@mkdir -p $(@D)
	@touch $@

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(if $(WERROR),,@rm -f $(BUILD)/strict)
	$(call say,CC $<)$(COMPILE) $(WERROR) -MMD -MP -c -o $@ $<

$(CORE): $(OBJECTS)
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(MODULE) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CURL_LIBS) $(SYSTEM_LIBS)

# A word of the shell that means a text.
quoted = '$(subst ','\'',$(1))'

# The interpreter as it is found from any folder.
INTERPRETER = $(if $(findstring /,$(LUA)),$(abspath $(LUA)),$(LUA))

# The command as it runs from the tree: in any folder, without a setting, as one process.
TREE_PATH = package.path = [[$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;]] .. package.path
TREE_CPATH = package.cpath = [[$(abspath $(BUILD))/?.so;]] .. package.cpath
SCRIPT := lua/googlemeet/command/googlemeet.lua
$(PROGRAM): Makefile $(BUILD)/flags
	@mkdir -p $(@D)
	@printf '%s\n' '#!/bin/sh' $(call quoted,exec $(call quoted,$(INTERPRETER)) -e $(call \
	    quoted,$(TREE_PATH)) -e $(call quoted,$(TREE_CPATH)) $(call \
	    quoted,$(CURDIR)/$(SCRIPT)) "$$@") >$@
	@chmod +x $@

$(LIBRARY): $(filter-out $(BUILD)/obj/lua_%,$(OBJECTS))
	@rm -f $@
	$(call say,AR $@)$(AR) rcs $@ $^

static: $(STATIC)

# A program with the module inside has no use for the command.
PRELOADED := $(filter-out lua/googlemeet/types/% lua/googlemeet/command/%,$(LUA_FILES))
$(BUILD)/preload.c: src/lua_preload.lua $(PRELOADED)
	@mkdir -p $(@D)
	$(call say,LUA $@)$(LUA) src/lua_preload.lua $(PRELOADED) >$@

$(BUILD)/preload.o: $(BUILD)/preload.c src/lua_preload.h $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -Isrc -c -o $@ $<

$(STATIC): $(OBJECTS) $(BUILD)/preload.o
	@rm -f $@
	$(call say,AR $@)$(AR) rcs $@ $^

$(BUILD)/c/%: spec/c/%.c $(LIBRARY) $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) $(WERROR) -Isrc -MMD -MP -MF $@.d -o $@ $< $(LIBRARY) $(LDFLAGS) \
	    $(AS_NEEDED) $(CURL_LIBS) $(SYSTEM_LIBS)

# One dispatcher, and many that share a limit.
$(SIMULATOR): $(addprefix spec/sim/,simulate.c rules.c slots.c sim.h)
$(SHARED_SIMULATOR): $(wildcard spec/sim/shared*.[ch])
$(SIMULATORS): spec/sim/draw.c spec/sim/draw.h $(LIBRARY) $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $@)$(COMPILE) $(WERROR) -Isrc -o $@ $(filter %.c,$^) $(LIBRARY) $(LDFLAGS) $(SYSTEM_LIBS)

$(SCALE): spec/bench/scale.c $(LIBRARY) $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $@)$(COMPILE) $(WERROR) -Isrc -o $@ $< $(LIBRARY) $(LDFLAGS) $(SYSTEM_LIBS)

c-tests: $(C_TESTS) $(SIMULATORS) $(SCALE)
	@:

$(BUILD)/versions: spec/platforms/versions.c $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -o $@ $< $(LDFLAGS) $(CURL_LIBS)

-include $(OBJECTS:.o=.d) $(addsuffix .d,$(C_TESTS))

# -- documents ----------------------------------------------------------------

# What stands between "generated" and "end" in types/ and the manual; the manual as one page.
docs:
	@spec/support/setup.sh docs
	@mkdir -p $(BUILD)
	@$(from_tree) $(LUA) spec/docs/make.lua
	@cmark-gfm --extension table --extension autolink lua/README.md >$(BUILD)/manual.body
	@$(from_tree) $(LUA) spec/docs/make.lua page $(BUILD)/manual.body $(BUILD)/manual.html

# Neither Debian nor npm has these two: luals.github.io, and `cargo install emmylua_check`.
TYPES := $(abspath $(BUILD)/types)
types:
	@rm -rf $(TYPES)
	@mkdir -p $(TYPES)/library $(TYPES)/scripts
	@$(from_tree) $(LUA) spec/docs/scripts.lua $(TYPES) $(wildcard examples/*.lua)
	@if command -v lua-language-server >/dev/null; then \
	    lua-language-server --check=$(TYPES)/scripts --checklevel=Warning; \
	elif command -v emmylua_check >/dev/null; then \
	    emmylua_check --warnings-as-errors $(TYPES)/scripts; \
	else \
	    echo 'make types: needs lua-language-server or emmylua_check' >&2; exit 1; \
	fi

# -- test ---------------------------------------------------------------------

# Each step is a separate make, so that it finds what setup has installed.
test:
	@spec/support/setup.sh test
	@$(MAKE) $(parallel) all static c-tests WERROR=-Werror
	@$(MAKE) lint
	@$(from_tree) spec/support/run.sh $(C_TESTS) $(SIMULATORS) $(SCALE)

# These are bound to one processor each, the longest first; what they share is built before.
DRIVERS := $(addprefix build/asan/,lua drive drive-reenter drive-stress)
check:
	@KILL_POINTS=50 $(MAKE) test
	@$(MAKE) captions
	@$(MAKE) hosts
	@$(MAKE) tidy
	@$(MAKE) $(parallel) all c-tests $(DRIVERS) BUILD=build/asan CFLAGS='$(ASAN_FLAGS)'
	@printf '%s\n' valgrind asan oom reenter stress | xargs -n 1 -P $(PROCESSORS) $(MAKE)
	@$(MAKE) threads
	@$(MAKE) late LATE_CALLS=1000
	@$(MAKE) soak SOAK_SECONDS=30
	@$(MAKE) limiter LIMITER_SHORT=1
	@$(MAKE) download DOWNLOAD_SHORT=1
	@$(MAKE) fuzz

# Fetched once; from then on `make test` takes the parsers, too.
VTT_PARSER := webvtt-parser
captions:
	@spec/support/setup.sh captions
	@$(MAKE) all
	@[ -d build/captions/node_modules/$(VTT_PARSER) ] || \
	    npm install --loglevel=error --no-audit --no-fund --prefix build/captions $(VTT_PARSER)@2.2.0
	@$(from_tree) CAPTIONS=1000 SPECS='$(addprefix spec/unit/report/transcript/,\
	    captions_spec.lua players_spec.lua)' spec/support/run.sh

# The scripts of examples/hosts/ in their hosts, which are installed, but not started as services.
hosts:
	@spec/support/setup.sh hosts
	@$(MAKE) all
	@$(from_tree) HOSTS=1 SPECS=spec/project/hosts_spec.lua spec/support/run.sh

lint:
	@spec/support/setup.sh lint
	@spec/support/lint.sh $(BUILD)
	@spec/mutants/run.sh check

tidy:
	@spec/support/setup.sh tidy
	clang -fsyntax-only -Werror -std=gnu11 $(WARNINGS) $(LUA_CFLAGS) $(CURL_CFLAGS) -Isrc \
	    $(SOURCES) $(wildcard spec/c/*.c spec/sim/*.c spec/oom/*.c spec/stress/*.c \
	    spec/reenter/*.c spec/threads/*.c spec/limiter/*.c \
	    spec/download/*.c)
	printf '%s\n' $(SOURCES) | xargs -I FILE -P $(PROCESSORS) \
	    clang-tidy --quiet FILE -- -std=gnu11 $(WARNINGS) $(LUA_CFLAGS) $(CURL_CFLAGS)
	cppcheck --quiet --enable=warning,performance,portability --std=c11 --inline-suppr \
	    --suppress=missingIncludeSystem --error-exitcode=1 src

format:
	find src spec examples -name '*.[ch]' | xargs clang-format -i

# The interpreter itself carries the sanitizers' runtime, so nothing has to be
# preloaded and children (a server, luarocks, curl) run undisturbed. The specs of the tree and of
# its programs start children, and so find nothing here that the others do not.
# Warnings are no errors here: gcc has false ones in instrumented code.
asan:
	@spec/support/setup.sh test
	@$(MAKE) $(parallel) sanitized BUILD=build/asan CFLAGS='$(ASAN_FLAGS)'

.PHONY: sanitized
sanitized: all c-tests $(BUILD)/lua
	@$(from_tree) LUA=$(abspath $(BUILD)/lua) \
	    SPECS='$(or $(SPECS),spec/core spec/hostile spec/unit)' \
	    ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 \
	    UBSAN_OPTIONS=print_stacktrace=1 \
	    LSAN_OPTIONS=suppressions=$(abspath spec/support/lsan.supp):print_suppressions=0 \
	    spec/support/run.sh $(C_TESTS) $(SIMULATORS)

LUA_LIBS ?= $(or $(shell pkg-config --libs $(LUA_PC) 2>/dev/null),-llua$(LUA_VERSION))
$(BUILD)/lua: spec/support/host.c $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -o $@ $< $(LDFLAGS) $(LUA_LIBS)

# Two Lua states in two threads. Lua itself, libcurl and OpenSSL are the system's.
THREAD_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
threads:
	@spec/support/setup.sh test
	@$(MAKE) $(parallel) threaded BUILD=build/tsan CFLAGS='$(THREAD_FLAGS)'

.PHONY: threaded
threaded: all $(BUILD)/two_states
	@$(from_tree) $(LUA) spec/threads/run.lua $(BUILD)/two_states

$(BUILD)/two_states: spec/threads/two_states.c $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -o $@ $< $(LDFLAGS) $(LUA_LIBS) -lpthread

# It sees what AddressSanitizer does not, memory that nobody has set, and is twenty times as slow: the
# specs of what is written in C, but for those that walk long tables of cases.
VALGRIND_SPECS ?= $(filter-out $(addprefix %/,$(addsuffix _spec.lua,operations injection secrets cut)),\
                      $(sort $(wildcard spec/core/*/*_spec.lua))) spec/hostile spec/unit/fuzz_spec.lua
MEMCHECK := valgrind --quiet --error-exitcode=9 --leak-check=full \
            --errors-for-leak-kinds=definite --show-leak-kinds=definite \
            --suppressions=spec/support/valgrind.supp --trace-children=no
valgrind:
	@spec/support/setup.sh valgrind
	@$(MAKE) $(parallel) all c-tests WERROR=-Werror
	@$(from_tree) WRAP='$(MEMCHECK)' SPECS='$(VALGRIND_SPECS)' spec/support/run.sh $(C_TESTS)

# Every allocation of a scenario fails once: Lua's, libcurl's, the core's. OOM_STEP=7 takes each
# seventh, SCENARIOS="get list" those alone.
OOM_STEP ?= 1
SCENARIOS ?=
oom:
	@spec/support/setup.sh test
	@$(MAKE) $(parallel) starved BUILD=build/asan CFLAGS='$(ASAN_FLAGS)'

.PHONY: starved
starved: $(BUILD)/drive
	@$(from_tree) ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
	    LSAN_OPTIONS=suppressions=$(abspath spec/oom/lsan.supp):print_suppressions=0 \
	    $(LUA) spec/oom/run.lua $(BUILD)/drive $(OOM_STEP) $(SCENARIOS)

$(BUILD)/drive: spec/oom/drive.c $(OBJECTS) $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -o $@ $< $(OBJECTS) -Wl,-E $(LDFLAGS) \
	    $(foreach name,malloc calloc realloc free strdup,-Wl,--wrap=$(name)) \
	    $(LUA_LIBS) $(CURL_LIBS) -lm

# A collection at every allocation of a scenario, with finalizers that close, call and reopen; then
# the same scenarios with a collection wherever there can be one. STRESS_STEP=1 misses no allocation.
STRESS_STEP ?= 7
stress:
	@spec/support/setup.sh test
	@$(MAKE) $(parallel) stressed BUILD=build/asan CFLAGS='$(ASAN_FLAGS)'

.PHONY: stressed
stressed: all $(BUILD)/lua $(BUILD)/drive-stress
	@$(from_tree) ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
	    LSAN_OPTIONS=suppressions=$(abspath spec/oom/lsan.supp):print_suppressions=0 \
	    $(LUA) spec/stress/run.lua $(BUILD)/drive-stress $(BUILD)/lua $(STRESS_STEP)

$(BUILD)/drive-stress: spec/stress/drive.c $(OBJECTS) $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -o $@ $< $(OBJECTS) -Wl,-E $(LDFLAGS) $(LUA_LIBS) \
	    $(CURL_LIBS) -lm

# Each function of the face with arguments that finalizers and metamethods change meanwhile, at each
# allocation of the call. REENTER_STEP=5 takes each fifth, CALLS="spaces" the calls of such a name.
REENTER_STEP ?= 1
CALLS ?=
reenter:
	@spec/support/setup.sh test
	@$(MAKE) $(parallel) reentered BUILD=build/asan CFLAGS='$(ASAN_FLAGS)'

.PHONY: reentered
reentered: $(BUILD)/drive-reenter
	@$(from_tree) ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
	    LSAN_OPTIONS=suppressions=$(abspath spec/oom/lsan.supp):print_suppressions=0 \
	    $(LUA) spec/reenter/run.lua $(BUILD)/drive-reenter $(REENTER_STEP) $(CALLS)

$(BUILD)/drive-reenter: spec/reenter/drive.c $(OBJECTS) $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -o $@ $< $(OBJECTS) -Wl,-E $(LDFLAGS) $(LUA_LIBS) \
	    $(CURL_LIBS) -lm

# Lines and branches of src/ that specs, C tests and failing allocations reach; it fails where a
# line is not reached and has no row in spec/fixtures/unreached.lua, or too few branches are.
# Without the branches of assert, and those that curl.h puts into each setopt to check its type.
# Then the lines of lua/ that ran in the specs and in the programs that they start.
coverage:
	@spec/support/setup.sh coverage
	@rm -rf build/coverage
	@$(MAKE) $(parallel) covered BUILD=build/coverage LDFLAGS=--coverage \
	    CFLAGS='-O0 -g --coverage -DCURL_DISABLE_TYPECHECK'

.PHONY: covered
covered: all static c-tests $(BUILD)/drive $(BUILD)/lines.so
	@rm -f $(BUILD)/lines
	@LINES=$(abspath $(BUILD)/lines) \
	    LUA_INIT_$(suffix)='package.loadlib(os.getenv "LINES" .. ".so", "luaopen_lines")()' \
	    $(from_tree) spec/support/run.sh $(C_TESTS) $(SIMULATORS)
	@$(from_tree) $(LUA) spec/oom/run.lua $(BUILD)/drive $(OOM_STEP)
	@$(LUA) spec/support/lines.lua $(BUILD)/lines
	@gcovr --root . --filter src/ --exclude-branches-by-pattern '\s*assert\(' $(BUILD) \
	    --json $(BUILD)/reached.json --print-summary --fail-under-line 99 --fail-under-branch 95
	@$(LUA) spec/support/unreached.lua $(BUILD)/reached.json

$(BUILD)/lines.so: spec/support/lines.c $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -shared -o $@ $< $(LDFLAGS)

# The short runs of `make test` have two seeds of 50 000 requests, and one of 10 000.
SEEDS ?= 1 2 3 4 5 6 7 8 9 10
REQUESTS ?= 1000000
SHARED_REQUESTS ?= 100000
sim:
	@$(MAKE) $(SIMULATORS) WERROR=-Werror
	@$(SIMULATOR) $(REQUESTS) $(SEEDS)
	@$(SHARED_SIMULATOR) $(SHARED_REQUESTS) $(SEEDS)

# From the first count to the last, at most so many times as much for a step.
SCALE_GROWTH ?= 20
SCALE_JOBS ?= 1000 10000 100000
scale:
	@$(MAKE) $(SCALE)
	@$(SCALE) $(SCALE_GROWTH) $(SCALE_JOBS)

mutants:
	@spec/support/setup.sh test
	@$(from_tree) ASAN_FLAGS='$(ASAN_FLAGS)' spec/mutants/run.sh '$(TABLE)' '$(MUTANT)'

# Calls to servers that are silent, slow or never finish, some under each condition of
# spec/late/conditions.lua. LATE="silent dying" has all calls made under these. It takes 4 minutes;
# a call that never ends is killed with it.
LATE_CALLS ?= 10000
LATE ?=
late:
	@spec/support/setup.sh test
	@$(MAKE) all $(BUILD)/slow_resolver.so
	@$(from_tree) no_proxy='*' LD_PRELOAD='$(abspath $(BUILD)/slow_resolver.so)' \
	    timeout -k 5 1200 $(LUA) spec/late/run.lua $(LATE_CALLS) $(LATE)

$(BUILD)/slow_resolver.so: spec/support/slow_resolver.c $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(WERROR) -fvisibility=default -shared -o $@ $< $(LDFLAGS) -ldl

# SOAK_SEED=… draws the same calls and faults again, as far as time lets it.
SOAK_SECONDS ?= 600
soak:
	@spec/support/setup.sh soak
	@$(MAKE) all
	@$(from_tree) no_proxy='*' $(LUA) spec/soak/run.lua $(SOAK_SECONDS) $(SOAK_SEED)

# Several processes on one limiter, with gateways, relays and Redis servers of loopback. It takes 12
# minutes; LIMITER="file redis" has some scenarios alone, LIMITER_SHORT=1 is the form of `make check`.
# REDIS_SERVER=valkey-server has another server, LIMITER_SEED=… the kills of another run.
LIMITER ?=
LIMITER_SHORT ?=
LIMITER_PROGRAMS := $(addprefix $(BUILD)/limiter/,gateway relay elsewhere.so)
limiter:
	@spec/support/setup.sh limiter
	@$(MAKE) all $(LIMITER_PROGRAMS) WERROR=-Werror
	@$(from_tree) LIMITER_SHORT='$(LIMITER_SHORT)' timeout -k 10 2400 $(LUA) spec/limiter/run.lua $(LIMITER)

$(BUILD)/limiter/%: spec/limiter/%.c spec/limiter/loopback.h $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) $(WERROR) -o $@ $< $(LDFLAGS)

$(BUILD)/limiter/%.so: spec/limiter/%.c $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) $(WERROR) -fvisibility=default -shared -o $@ $< $(LDFLAGS) -ldl

# Large files beside curl, kills, odd servers, full disks. It takes 5 minutes and 2 GiB in /dev/shm,
# or where temporary files are; DOWNLOAD="speed odd" has some scenarios alone, DOWNLOAD_CASE=… one
# odd server. Root mounts a small disk for it. DOWNLOAD_SHORT=1 is the form of `make check`.
DOWNLOAD ?=
DOWNLOAD_SHORT ?=
download:
	@spec/support/setup.sh download
	@$(MAKE) all $(BUILD)/download/kill_at.so WERROR=-Werror
	@$(from_tree) DOWNLOAD_SHORT='$(DOWNLOAD_SHORT)' no_proxy='*' \
	    timeout -k 10 1800 $(LUA) spec/download/run.lua $(DOWNLOAD)

$(BUILD)/download/%.so: spec/download/%.c $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) $(WERROR) -fvisibility=default -shared -o $@ $< $(LDFLAGS) -ldl

# Reads only, unless LIVE_WRITES=1 is given; LIVE=fake is a walk of the fake, which needs no key. See
# spec/README.md, "With a real key".
LIVE ?=
LIVE_WRITES ?=
LIVE_MEMBER ?=
LIVE_BURST ?=
live:
	@spec/support/setup.sh build
	@$(MAKE) -s all $(BUILD)/versions
	@$(from_tree) LIVE='$(LIVE)' LIVE_WRITES='$(LIVE_WRITES)' LIVE_MEMBER='$(LIVE_MEMBER)' \
	    LIVE_BURST='$(LIVE_BURST)' LIVE_LIBCURL="$$($(BUILD)/versions | cut -d '|' -f 1)" \
	    $(LUA) spec/live/run.lua

ARCHIVE_DAYS ?= 40
ARCHIVE_CONFERENCES ?= 200
ARCHIVE_KILLS ?= 50
archive:
	@spec/support/setup.sh test
	@$(MAKE) all
	@$(from_tree) ARCHIVE_DAYS=$(ARCHIVE_DAYS) ARCHIVE_CONFERENCES=$(ARCHIVE_CONFERENCES) \
	    ARCHIVE_KILLS=$(ARCHIVE_KILLS) SPECS=spec/unit/archive/archive_days_spec.lua \
	    spec/support/run.sh

# Folders of other systems are kept in PLATFORMS, by default ~/.cache/googlemeet/platforms.
ROWS ?=
platforms:
	@spec/platforms/run.sh $(ROWS)

bench:
	@spec/support/setup.sh bench
	@$(MAKE) all
	@$(from_tree) $(LUA) spec/bench/run.lua $(BENCH)

# What reports of a large conference take.
bench-reports: $(CORE)
	@$(from_tree) $(LUA) spec/bench/reports.lua

profile:
	@spec/support/setup.sh bench
	@$(MAKE) all
	@$(from_tree) $(LUA) spec/bench/profile.lua $(BENCH)

# Each fuzzer, as many at once as there are processors: a short run, which is the same every time.
# FUZZ_SECONDS=600 is a long one, which draws its seed and keeps what it finds. FUZZ_SEED=… gives
# either of them another seed.
FUZZ_SECONDS ?=
FUZZ_SEED ?= $(if $(FUZZ_SECONDS),0,1)
FUZZ_JOBS ?= $(PROCESSORS)
fuzz:
	@spec/support/setup.sh fuzz
	@$(MAKE) $(parallel) fuzzers BUILD=build/fuzz CC=clang LDFLAGS= \
	    CFLAGS='$(ASAN_FLAGS) -fsanitize=fuzzer-no-link'

.PHONY: fuzzers
fuzzers: $(FUZZERS)
	@printf '%s\n' $(FUZZERS) | $(from_tree) xargs -I FUZZER -P $(FUZZ_JOBS) \
	    spec/fuzz/run.sh $(FUZZ_SEED) FUZZER $(FUZZ_SECONDS)

$(BUILD)/fuzz/%: spec/fuzz/%.c $(LIBRARY) $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) $(WERROR) -Isrc -fsanitize=fuzzer -o $@ $(filter %.c,$^) \
	    $(LIBRARY) $(AS_NEEDED) $(CURL_LIBS) -lm

$(BUILD)/fuzz/dispatch_fuzz: spec/sim/rules.c spec/sim/slots.c spec/sim/sim.h

# A property in Lua.
$(BUILD)/fuzz/%: spec/fuzz/%.lua spec/fuzz/property.c $(OBJECTS) $(BUILD)/flags $(STRICT)
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) $(WERROR) -DPROPERTY='"$<"' -fsanitize=fuzzer -o $@ \
	    spec/fuzz/property.c $(OBJECTS) -Wl,-E $(LUA_LIBS) $(CURL_LIBS) -lm

# -- use ----------------------------------------------------------------------

deps:
	@spec/support/setup.sh build

demo:
	@spec/support/setup.sh demo
	@$(MAKE) $(parallel) all
	@$(from_tree) spec/support/demo.sh

# Where Lua looks for modules; a package has them from pkg-config (Debian's lua5.4 knows both).
INSTALL_LMOD ?= $(PREFIX)/share/lua/$(LUA_VERSION)
INSTALL_CMOD ?= $(PREFIX)/lib/lua/$(LUA_VERSION)
lua_folder = $(DESTDIR)$(INSTALL_LMOD)/googlemeet
lib_folder = $(DESTDIR)$(INSTALL_CMOD)/googlemeet
bin_folder = $(DESTDIR)$(PREFIX)/bin
share_folder = $(DESTDIR)$(PREFIX)/share

lua_names = $(filter-out command/googlemeet.lua,$(LUA_FILES:lua/googlemeet/%=%))
# What the command prints of itself: where it goes, and the words that have it printed.
MAN_PAGE := man/man1/googlemeet.1
BASH_COMPLETION := bash-completion/completions/googlemeet
ZSH_COMPLETION := zsh/site-functions/_googlemeet
FISH_COMPLETION := fish/vendor_completions.d/googlemeet.fish
PRINTED := $(MAN_PAGE) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION)

# What is built already is taken as it is, whatever the flags of this call. The command gets the
# interpreter by its path, and the folders of its module. A core for another processor has no page
# and no completions.
install:
	@case '$(PREFIX)' in ''|/*) ;; *) \
	    echo "make install: PREFIX has to begin with /: the command runs in any folder" >&2; exit 1; \
	esac
	@$(MAKE) -s $(addprefix -o ,$(wildcard $(BUILD)/flags)) all
	@umask 022; put() { \
	    { [ -d "$${2%/*}" ] || mkdir -p "$${2%/*}"; } && install -m "$${3:-644}" "$$1" "$$2" && return; \
	    echo "make install: give a PREFIX that this user can write to, or use sudo" >&2; exit 1; \
	}; \
	for file in $(lua_names); do put "lua/googlemeet/$$file" '$(lua_folder)'"/$$file"; done; \
	put $(CORE) '$(lib_folder)/core.so'; \
	file=$$(mktemp); trap 'rm -f "$$file"' EXIT; \
	print() { \
	    if '$(PROGRAM)' $$1 >"$$file" 2>/dev/null; then put "$$file" '$(share_folder)'"/$$2"; \
	    else echo "make install: $(PROGRAM) does not run here: there will be no $$2" >&2; fi; \
	}; \
	{ printf '%s\n' "#!$$(command -v '$(INTERPRETER)' || echo '/usr/bin/env $(INTERPRETER)')" \
	    'package.path = [[$(INSTALL_LMOD)/?.lua;$(INSTALL_LMOD)/?/init.lua;]] .. package.path' \
	    'package.cpath = [[$(INSTALL_CMOD)/?.so;]] .. package.cpath'; \
	sed 1d $(SCRIPT); } >"$$file"; \
	put "$$file" '$(bin_folder)/googlemeet' 755; \
	print man $(MAN_PAGE); \
	print 'completion bash' $(BASH_COMPLETION); \
	print 'completion zsh' $(ZSH_COMPLETION); \
	print 'completion fish' $(FISH_COMPLETION)
	@echo '$(lua_folder)'; echo '$(lib_folder)'; echo '$(bin_folder)/googlemeet'

# With the variables of `make install`: removes what that put there, and folders of this name that
# are empty then.
uninstall:
	@for file in $(lua_names); do rm -f '$(lua_folder)'"/$$file" || exit; done
	@rm -f '$(lib_folder)/core.so' '$(bin_folder)/googlemeet'
	@for file in $(PRINTED); do rm -f '$(share_folder)'"/$$file" || exit; done
	@find '$(lua_folder)' '$(lib_folder)' -depth -type d -empty -delete 2>/dev/null || true

clean:
	rm -rf $(BUILD)
