#!/bin/bash
# infra/destroy.sh [--yes] [--dry-run] [--receipts-too] [ENVIRONMENT] [REGION]: takes an environment
# off AWS, with all that its tables hold. Refuses for environments that keep their data, as prod
# does, and without --receipts-too for the one whose role brings all receipts of the account.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/common.sh"

usage="usage: infra/destroy.sh [--yes] [--dry-run] [--receipts-too] [environment] [region]"
read_words "$@"

find_program
read_settings
if [ "$retain" = true ]; then
  fail "$environment keeps its data: its stack is protected, its tables are retained. Whoever \
really wants it gone does it by hand: docs/deploying.md"
fi
check_region
find_account
if [ -n "$account" ] && [ "$receipts_too" = no ]; then
  role="$(receipts_role)"
  own="$(delivery_role)"
  if [ -n "$role" ] && [ "$role" = "$own" ]; then
    refuse_later "SNS writes the receipts of all SMS of this account with a role of $stack: \
without it none would come, and other environments would send each SMS again by e-mail. Deploy \
another one with ownsAccount and --take-over first; where there is none: --receipts-too"
  fi
fi
if [ "$sure" = no ] && [ "$dry_run" = no ]; then
  printf 'All notifications of %s in %s, account %s, will be gone. Its name, to go on: ' \
    "$stack" "$region" "$account"
  read -r answer
  [ "$answer" = "$stack" ] || fail "that is not its name: nothing was done"
fi
step "destroy $stack" run_cdk destroy "$stack" -c "environment=$environment" -c zips=optional \
  --force
say "  SNS's log groups, its SMS attributes and SES's identities are the account's: they stay"
