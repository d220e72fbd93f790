# The targets that people and CI call; `make help` lists them. Two jobs everywhere, because the
# smallest machine that has to build this has two cores.
SHELL := /bin/bash
JOBS := 2
ENVIRONMENT := dev
SOURCES = $(shell find src tests bench -name '*.cpp' -o -name '*.hpp' 2>/dev/null | sort)
POSTRIDER := build/release/postrider

.DEFAULT_GOAL := help
.PHONY: help setup build demo serve test parts stand_ins check format format-check lint bench tsan nightly lambda synth prices clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
	  awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

setup: ## install the Debian packages that building needs
	@tools/setup.sh build

build: setup ## build the release binary, build/release/postrider
	@cmake --preset release > /dev/null
	@cmake --build --preset release -j $(JOBS)

demo: build ## run a shop's day through the real service, carrier and mail simulated
	@$(POSTRIDER) demo

serve: build ## run the service on 127.0.0.1:8080, its data in ./data
	@$(POSTRIDER) serve --listen 127.0.0.1:8080 --data data

test: parts ## build everything and run all tests
	@cmake --preset test > /dev/null
	@cmake --build --preset test -j $(JOBS)
	@ctest --test-dir build/test --output-on-failure -j $(JOBS)

# What the tests need besides the build: packages of Debian, PyPI and npm, and the functions' zips.
# The packages of PyPI and npm arrive while the functions compile.
parts:
	@tools/setup.sh test
	@$(MAKE) --no-print-directory -j 2 lambda stand_ins

stand_ins:
	@tools/venv.sh
	@tools/npm.sh tests/aws build/node
	@tools/npm.sh infra

check: parts format-check lint ## check layout and lint, then run all tests under ASan and UBSan
	@cmake --preset dev > /dev/null
	@cmake --build --preset dev -j $(JOBS)
	@ctest --test-dir build/dev --output-on-failure -j $(JOBS)

format: ## lay out all C++ sources with clang-format
	@tools/setup.sh lint
	@clang-format -i $(SOURCES)

format-check: ## fail where `make format` would change anything
	@tools/setup.sh lint
	@clang-format --dry-run --Werror $(SOURCES)

lint: ## run clang-tidy with the checks of .clang-tidy; of src/programs where it locks
	@tools/setup.sh lint
	@mkdir -p build
	@tools/lint.sh

bench: lambda ## build and run the benchmarks
	@tools/setup.sh bench
	@tools/venv.sh
	@cmake --preset bench > /dev/null
	@cmake --build --preset bench -j $(JOBS)
	@build/bench/bench/postrider_bench

lambda: ## build the zips for AWS Lambda: x86-64 in build/lambda, arm64 in build/lambda/arm64
	@tools/setup.sh lambda
	@tools/arm64.sh
	@for architecture in x86-64 arm64; do \
	  cmake --preset lambda-$$architecture > /dev/null && \
	  cmake --build --preset lambda-$$architecture -j $(JOBS) && \
	  tools/lambda_zip.py $$architecture || exit 1; done

tsan: parts ## run all tests under ThreadSanitizer
	@cmake --preset tsan > /dev/null
	@cmake --build --preset tsan -j $(JOBS)
	@ctest --test-dir build/tsan --output-on-failure -j $(JOBS)

nightly: check tsan ## run all tests under the sanitizers, one after the other

synth: build ## make the CloudFormation template in build/cdk.out, of dev or with ENVIRONMENT=prod
	@tools/npm.sh infra
	@cd infra && ./node node_modules/.bin/tsc
	@cd infra && POSTRIDER=$(CURDIR)/$(POSTRIDER) ./node node_modules/.bin/cdk synth --quiet -c environment=$(ENVIRONMENT) -c zips=optional
	@echo "build/cdk.out/SMSNotificationStack-$(ENVIRONMENT).template.json"

# SNS hands its SMS on to End User Messaging: AWS's one list holds for both carriers. The lists of the
# other environments are the shop's own. The first line stops at a mistake in the CSV, before a list
# is written over.
prices: ## make examples/prices.toml and the tests' list from reference/prices.csv
	@tools/price_list.py > /dev/null
	@tools/price_list.py > examples/prices.toml
	@tools/price_list.py --carrier end_user_messaging --as "" \
	  --countries "US, CA, DE, AT, CH, GB, FR, JP, PL" > infra/settings/test/prices.toml

clean: ## remove everything that was built
	@rm -rf build
