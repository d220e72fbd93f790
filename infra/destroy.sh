#!/bin/bash
# infra/destroy.sh [--yes] [--dry-run] [ENVIRONMENT] [REGION]: takes an environment off AWS, with
# all that its tables hold. Refuses for environments that keep their data, as prod does.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/common.sh"

usage="usage: infra/destroy.sh [--yes] [--dry-run] [environment] [region]"
read_words "$@"

read_settings
if [ "$retain" = true ]; then
  fail "$environment keeps its data: its stack is protected, its tables are retained. Whoever \
really wants it gone does it by hand: docs/deploying.md"
fi
check_region
find_account
if [ "$sure" = no ] && [ "$dry_run" = no ]; then
  printf 'All notifications of %s in %s, account %s, will be gone. Its name, to go on: ' \
    "$stack" "$region" "$account"
  read -r answer
  [ "$answer" = "$stack" ] || fail "that is not its name: nothing was done"
fi
step "destroy $stack" run_cdk destroy "$stack" -c "environment=$environment" -c zips=optional \
  --force
say "  SNS's log groups, its SMS attributes and SES's identities are the account's: they stay"
