# Thin front: sets the machine up and calls CMake. See README.md.
.PHONY: help setup setup-tests setup-full build demo test test-full lint format install clean
PREFIX ?= /usr/local

help:
	@echo "make demo       set up, build, train the reference chip on MNIST"
	@echo "make test       set up, build, run the tests (minutes)"
	@echo "make test-full  the same with full training runs (long)"
	@echo "make build | lint | format | install PREFIX=... | clean"

setup:
	tools/setup

build: setup
	cmake --preset release
	cmake --build --preset release

demo: build
	build/release/bin/mcasim run scenarios/mnist-mca.yaml --force

setup-tests:
	tools/setup --tests

test: setup-tests build
	ctest --preset release

setup-full:
	tools/setup --full

test-full: setup-full build
	ctest --preset full

lint: build
	tools/lint

format:
	git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format -i

install: build
	cmake --install build/release --prefix "$(PREFIX)"

clean:
	rm -rf build
