# Builds libdtd.a from src/, one program from each experiments/*.c and one test
# program from each NAME_test.c.
#
#   make              library and programs, below build/
#   make check        every test, also of programs and scripts, with one closing line
#   make sanitize     the tests, and one run of each program, under AddressSanitizer
#                     and UBSan
#   make valgrind     the tests again under valgrind
#   make install      programs, library and man pages, below PREFIX (/usr/local)
#   make uninstall    removes them again
#   make lint         formatting, the ladder of rooms, texts and lengths, shell scripts
#   make CC=clang     with another compiler (give it its own BUILD=...)

CC ?= gcc
BUILD ?= build
PREFIX ?= /usr/local
OPTIMISE ?= -O3
SANITIZE ?=
PACKAGES = openblas inih libcjson libjpeg libpng libprotobuf-c nlopt zlib

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wvla
CFLAGS ?= -g
# Nothing is fused that the source does not fuse: results are the same bits
# whatever the compiler and the processor. Nobody asks errno about square roots,
# so that they come several at once.
override CFLAGS += -std=c11 $(OPTIMISE) -ffp-contract=off -fno-math-errno $(WARNINGS) -fopenmp $(SANITIZE)
REVISION := $(shell git -c safe.directory='$(CURDIR)' describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
override CPPFLAGS += -D_GNU_SOURCE -Isrc -I$(BUILD)/schema -MMD -MP \
  $(shell pkg-config --cflags $(PACKAGES))
LIBRARIES = $(shell pkg-config --libs $(PACKAGES)) -lm

SOURCES := $(filter-out %_test.c,$(wildcard src/*/*.c src/*/*/*.c))
BENCH := $(filter-out %_test.c,$(wildcard experiments/bench/*.c))
CHECKS = $(patsubst %,scripts/check-%.sh,examples sweep programs report interchange \
         each-program networks install resume slurm refusals dependencies)
TESTS := $(wildcard experiments/bench/*_test.c src/*/*_test.c src/*/*/*_test.c)
PROGRAMS := $(wildcard experiments/*.c)
# What a program may include: neither a test's header nor what sources include
# several times.
HEADERS = $(sort $(shell find src -name '*.h' ! -name 'test*.h' ! -name 'plain_*.h' ! -name assert_dies.h \
            ! -name registry.h ! -name '*_kernel.h'))

LIBRARY = $(BUILD)/libdtd.a
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/src/runs/report_frame.o \
          $(BUILD)/schema/onnx.pb-c.o
TEST_BINARIES = $(TESTS:%_test.c=$(BUILD)/test/%_test)
BINARIES = $(PROGRAMS:experiments/%.c=$(BUILD)/bin/%)

.PHONY: all tests check sanitize valgrind install uninstall lint format clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: $(LIBRARY) $(BINARIES)

$(LIBRARY): $(OBJECTS)
	@rm -f $@ # or it keeps objects whose source is gone
	$(AR) rcs $@ $^

# The flags stand in a file so that changing them rebuilds what they touch.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(CPPFLAGS)' | cmp -s - $@ || \
	  echo '$(CC) $(CFLAGS) $(CPPFLAGS)' > $@
$(BUILD)/revision: FORCE
	@mkdir -p $(@D)
	@echo '$(REVISION)' | cmp -s - $@ || echo '$(REVISION)' > $@
FORCE:

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(BUILD)/src/base/version.o: $(BUILD)/revision
$(BUILD)/src/base/version.o: override CPPFLAGS += -DDTD_SOURCE_REVISION='"$(REVISION)"'

# The frame of the report becomes a string of the library.
$(BUILD)/src/runs/report_frame.c: src/runs/report.html
	@mkdir -p $(@D)
	{ echo 'extern const char dtd_report_frame[];'; \
	  echo 'const char dtd_report_frame[] = {'; \
	  od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g'; echo '0};'; } > $@
$(BUILD)/src/runs/report_frame.o: $(BUILD)/src/runs/report_frame.c
	$(CC) $(CFLAGS) -c -o $@ $<

# ONNX's schema becomes a header and a source; make ONNX_PROTO=FILE names another.
ONNX_PROTO ?= $(shell CC='$(CC)' scripts/onnx-schema.sh)
$(BUILD)/schema/onnx.pb-c.h: $(ONNX_PROTO)
	@mkdir -p $(@D)
	$(if $<,,$(error ONNX's schema is missing: run scripts/install-dependencies.sh))
	cp $< $(@D)/onnx.proto
	protoc-c --proto_path=$(@D) --c_out=$(@D) onnx.proto
$(BUILD)/schema/onnx.pb-c.o: $(BUILD)/schema/onnx.pb-c.h
	$(CC) -std=c11 -g $(OPTIMISE) $(SANITIZE) -c -o $@ $(<:.h=.c)
$(BUILD)/src/files/onnx.o $(BUILD)/src/files/onnx_writer_test.o $(BUILD)/src/files/protobuf_test.o: \
  $(BUILD)/schema/onnx.pb-c.h

$(BUILD)/bin/%: $(BUILD)/experiments/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) $(LIBRARIES)

# What only the benchmark needs stands beside its program, not in the library.
$(BUILD)/bin/bench $(filter $(BUILD)/test/experiments/%,$(TEST_BINARIES)): \
  $(BENCH:%.c=$(BUILD)/%.o)

$(BUILD)/test/%_test: $(BUILD)/%_test.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WRAP) -o $@ $(filter %.o,$^) $(LIBRARY) $(LIBRARIES) $(shell pkg-config --libs cmocka)
# This test counts allocations.
$(BUILD)/test/src/explain/explainer_test: WRAP = -Wl,--wrap=aligned_alloc

tests: $(TEST_BINARIES)

check: all tests
	@BUILD=$(BUILD) scripts/run-tests.sh $(CHECKS) $(TEST_BINARIES)

sanitize:
	$(MAKE) BUILD=build/sanitize OPTIMISE=-O1 \
	  SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' \
	  CHECKS=scripts/check-each-program.sh check

valgrind: all tests
	@BUILD=$(BUILD) scripts/run-tests.sh --valgrind $(TEST_BINARIES)

install: all
install uninstall:
	@BUILD='$(BUILD)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' PACKAGES='$(PACKAGES)' \
	  HEADERS='$(HEADERS)' scripts/install.sh $@

lint:
	find src experiments -name '*.[ch]' -exec clang-format --dry-run --Werror {} +
	scripts/check-ladder.sh
	scripts/check-tree.sh
	shellcheck scripts/*.sh .ci/run

format:
	find src experiments -name '*.[ch]' -exec clang-format -i {} +

clean:
	rm -rf $(BUILD)

ifneq ($(shell pkg-config --exists $(PACKAGES) && echo found),found)
  ifneq ($(MAKECMDGOALS),clean)
    $(error libraries are missing: run scripts/install-dependencies.sh)
  endif
endif

-include $(OBJECTS:.o=.d) $(BENCH:%.c=$(BUILD)/%.d) $(PROGRAMS:%.c=$(BUILD)/%.d) $(TESTS:%.c=$(BUILD)/%.d)
