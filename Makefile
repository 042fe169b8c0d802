# Thin front: sets the machine up and calls CMake. See README.md.
# set-ups would wait for one another's package manager
.NOTPARALLEL:
.PHONY: help setup setup-demo setup-tests setup-full setup-site setup-packages build demo test test-full site packages lint format install clean
PREFIX ?= /usr/local
# more for CMake: CMAKE_OPTIONS=-DMCA_WERROR=ON
CMAKE_OPTIONS ?=

help:
	@echo "make demo       set up, build mcasim, train the reference chip on MNIST"
	@echo "make test       set up, build all, run the tests (minutes)"
	@echo "make test-full  the same with full training runs (long)"
	@echo "make site       the documentation as a site, in build/site"
	@echo "make packages   Debian packages, in build/packages"
	@echo "make build | lint | format | install PREFIX=... | clean"

setup:
	tools/setup

# what the demo's build left out is turned on
build: setup
	cmake --preset release -DMCA_BUILD_RTL=ON -DMCA_BUILD_SYSTEMC=ON -DMCA_BUILD_TESTS=ON $(CMAKE_OPTIONS)
	cmake --build --preset release

setup-demo:
	tools/setup --demo

# mcasim alone: neither C++ nor Verilator is needed. A tree that was built in whole is not taken back.
demo: setup-demo
	test -f build/release/CMakeCache.txt || \
	    cmake --preset release -DMCA_BUILD_RTL=OFF -DMCA_BUILD_SYSTEMC=OFF -DMCA_BUILD_TESTS=OFF $(CMAKE_OPTIONS)
	cmake --build --preset release --target mcasim
	build/release/bin/mcasim run scenarios/mnist-mca.yaml --force

setup-tests:
	tools/setup --tests

test: setup-tests build
	status=0; ctest --preset release || status=$$?; tools/not-run; exit $$status

setup-full:
	tools/setup --full

test-full: setup-full build
	status=0; ctest --preset full || status=$$?; tools/not-run; exit $$status

setup-site:
	tools/setup --site

site: setup-site build
	tools/site build/site

setup-packages:
	tools/setup --packages

packages: setup-packages
	rm -rf build/packages
	cmake --preset debian $(CMAKE_OPTIONS)
	cmake --build --preset debian
	cpack --preset debian

lint: build
	tools/lint

format:
	git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format -i

install: build
	cmake --install build/release --prefix "$(PREFIX)"

clean:
	rm -rf build
