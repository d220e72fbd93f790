#!/bin/bash
# infra/deploy.sh [--dry-run] [--take-over] [--receipts-too] [ENVIRONMENT] [REGION]: puts Postrider
# on AWS, or a new version of it. dev and us-east-1 where nothing is said. It can be run again at
# any time; with --dry-run it changes nothing and tells what it would do; with --take-over the
# environment becomes the owner of an account that has another; with --receipts-too it gives up the
# role that brings the account's receipts. docs/deploying.md explains each step.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/common.sh"

usage="usage: infra/deploy.sh [--dry-run] [--take-over] [--receipts-too] [environment] [region]"
read_words "$@"

# Refuses what would fail, or do harm, half an hour later.
check_settings() {
  case "$from_address" in
    *@example.com)
      [ "$test_mode" = true ] || refuse_later "email.from in \
infra/settings/$environment/postrider.toml is still $from_address: name an address of the shop's" ;;
  esac
  [ "$test_mode" = true ] || [ -n "$alarm_addresses" ] || refuse_later "alarmEmails in \
infra/lib/settings.ts is empty: nobody would hear of an alarm"
}

# Without receipts each SMS would go again by e-mail: somebody has to have asked SNS for all.
# Two that ask for theirs would set each other's spending limit, and the end of one end both.
check_receipts() {
  [ -n "$account" ] || return 0
  local role own rate brings=no
  role="$(receipts_role)"
  own="$(delivery_role)"
  if [ "$owns_account" = true ] && [ "$test_mode" = false ] && [ "$sms_carrier" = sns ]; then
    brings=yes
  fi
  if [ -n "$role" ] && [ "$role" = "$own" ] && [ "$brings$receipts_too" = nono ]; then
    refuse_later "SNS writes this account's receipts with a role of $stack, which these settings \
take away: none would come, and each SMS would go again by e-mail. Deploy another environment with \
ownsAccount and --take-over first; where there is none: --receipts-too"
  fi
  [ "$sms_carrier" = sns ] || return 0
  if [ "$owns_account" = true ]; then
    if [ -n "$role" ] && [ "$role" != "$own" ] && [ "$take_over" = no ]; then
      refuse_later "SNS writes this account's receipts with $role, so another environment or \
program owns its SMS attributes. Let only one have ownsAccount (infra/lib/settings.ts); where this \
one is to replace it: --take-over"
    fi
    return
  fi
  [ "$test_mode" = false ] || return 0
  rate="$(sms_attribute DeliveryStatusSuccessSamplingRate)"
  [ -n "$role" ] && [ "$rate" = 100 ] || refuse_later "this account has no delivery status for all \
SMS (role: ${role:-none}, of deliveries: ${rate:-0} %), so receipts would be missing: deploy the \
environment that ownsAccount first, or let $environment be it (infra/lib/settings.ts)"
}

# In a sandbox, where accounts begin, everything seems to work and nobody gets a message.
check_sandboxes() {
  if [ "$test_mode" = true ] || [ -z "$account" ]; then return; fi
  local sandbox
  # Who may not look goes on without knowing.
  sandbox="$(ask sesv2 get-account --query '!ProductionAccessEnabled')" || sandbox=""
  if [ "$sandbox" = True ]; then
    say "  SES has this account in its sandbox: no customer gets an e-mail. Ask for production \
access (SES, Account dashboard)"
  fi
  [ "$sms_carrier" = sns ] || return 0
  sandbox="$(ask sns get-sms-sandbox-account-status --query IsInSandbox)" || sandbox=""
  if [ "$sandbox" = True ]; then
    say "  SNS has this account in its SMS sandbox: no customer gets an SMS. Leave it (SNS, Text \
messaging)"
  fi
}

# All event sources together ask for 200 functions at once; what Lambda throttles counts as a
# receive, and ten receives make a dead letter.
check_concurrency() {
  [ -n "$account" ] || return 0
  local most
  most="$(ask lambda get-account-settings --query AccountLimit.ConcurrentExecutions)"
  [ "${most:-1000}" -ge 250 ] || say "  Lambda runs $most functions at once in this account: under \
load messages would be throttled into the dead letters. Ask for 1,000 (Service Quotas, Lambda)"
}

build_zips() {
  step "build the functions' zips for $architecture, or keep those that are built" \
    ${MAKE:-make} --no-print-directory -C "$here/.." lambda
}

bootstrap() {
  local there=""
  if [ -n "$account" ]; then
    there="$(ask cloudformation describe-stacks --stack-name CDKToolkit \
      --query 'Stacks[0].StackName')"
  fi
  if [ -n "$there" ]; then
    say "  CDK's own stack is there"
    return
  fi
  step "make CDK's own stack (bucket, roles), once an account and region" \
    run_cdk bootstrap "aws://${account:-ACCOUNT}/$region"
}

# SNS makes its log groups with the first message: a subscription needs them before.
make_log_groups() {
  if [ "$sms_carrier" != sns ] || [ "$test_mode" = true ]; then return; fi
  local group name now
  group="sns/$region/${account:-ACCOUNT}/DirectPublishToPhoneNumber"
  for name in "$group" "$group/Failure"; do
    now=""
    if [ -n "$account" ]; then
      now="$(ask logs describe-log-groups --log-group-name-prefix "$name" \
        --query "logGroups[?logGroupName=='$name'].[logGroupName, retentionInDays]")"
    fi
    if [ -z "$now" ]; then
      step "make the log group $name" aws logs create-log-group --log-group-name "$name"
    else
      say "  log group $name is there"
      check_subscriptions "$name"
    fi
    keep_for_days "$name" "$(echo "$now" | tail -n 1 | awk '{print $NF}')"
  done
}

# How long phone numbers are kept is the owner's to say; others only see to it that it is said.
keep_for_days() {
  case "$2" in
    "$log_days") return ;;
    [1-9]*) [ "$owns_account" = true ] || return 0 ;;
  esac
  step "keep its lines for $log_days days" \
    aws logs put-retention-policy --log-group-name "$1" --retention-in-days "$log_days"
}

# A log group takes two subscriptions: two environments an account and region.
check_subscriptions() {
  local others
  others="$(ask logs describe-subscription-filters --log-group-name "$1" \
    --query "length(subscriptionFilters[?!starts_with(filterName, '$stack-')])")"
  [ "${others:-0}" -lt 2 ] || refuse_later "$1 has two subscriptions of others, and AWS allows no \
more: docs/deploying.md"
}

verify_sender() {
  [ "$test_mode" = false ] || return 0
  local identity may=""
  for identity in "${from_address#*@}" "$from_address"; do
    [ -n "$account" ] || break
    may="$(ask sesv2 get-email-identity --email-identity "$identity" \
      --query VerifiedForSendingStatus)"
    if [ "$may" = True ]; then
      say "  SES sends for $identity"
      return
    fi
  done
  if [ -n "$may" ]; then
    say "  SES still waits for $from_address: until somebody follows the link in its mail, e-mails \
are held"
    return
  fi
  step "have SES ask $from_address whether it may send for it (follow the link in its mail)" \
    aws sesv2 create-email-identity --email-identity "$from_address"
}

# What a first deployment that failed left can't be deployed again, and protects itself.
clear_failed() {
  [ -n "$account" ] || return 0
  local status
  status="$(ask cloudformation describe-stacks --stack-name "$stack" \
    --query 'Stacks[0].StackStatus')"
  [ "$status" = ROLLBACK_COMPLETE ] || return 0
  step "lift the protection of what a failed first deployment left" \
    aws cloudformation update-termination-protection --no-enable-termination-protection \
    --stack-name "$stack"
  step "delete it" aws cloudformation delete-stack --stack-name "$stack"
  step "wait until it is gone" \
    aws cloudformation wait stack-delete-complete --stack-name "$stack"
}

deploy_stack() {
  clear_failed
  step "deploy $stack" \
    run_cdk deploy "$stack" -c "environment=$environment" --require-approval never --progress events
}

# SNS has one spending limit, one type and one role for delivery status an account and region: they
# are the owner's. What is so already is not set again.
set_sms_attributes() {
  [ "$sms_carrier" = sns ] || return 0
  if [ "$owns_account" != true ]; then
    say "  the account's SMS attributes are left as they are: they belong to the environment that \
ownsAccount in infra/lib/settings.ts"
    return
  fi
  local wanted=("DefaultSMSType=$sms_type") role=ROLE
  if [ "$test_mode" = false ]; then
    if [ -n "$account" ]; then
      role="$(delivery_role)"
      [ -n "$role" ] || [ "$dry_run" = yes ] || fail "$stack has no output DeliveryStatusRoleArn"
    fi
    wanted+=("DeliveryStatusIAMRole=${role:-ROLE}" DeliveryStatusSuccessSamplingRate=100)
  fi
  [ -z "$sender_id" ] || wanted+=("DefaultSenderID=$sender_id")
  [ -z "$usage_bucket" ] || wanted+=("UsageReportS3Bucket=$usage_bucket")
  set_where_different "the account's SMS attributes" "${wanted[@]}"
  # By itself: a limit that is refused must not keep the receipts from coming.
  set_where_different "SNS's own spending limit" "MonthlySpendLimit=$monthly_limit" ||
    fail "SNS refused a limit of $monthly_limit USD a month, and keeps the one it has; the \
functions keep to theirs. More than the account's quota has to be asked for: Service Quotas, SNS"
}

set_where_different() {
  local what="$1" now="" pair changed=()
  shift
  [ -z "$account" ] || now="$(aws sns get-sms-attributes --output json)"
  for pair in "$@"; do
    case "$now" in
      *"\"${pair%%=*}\": \"${pair#*=}\""*) ;;
      *) changed+=("$pair") ;;
    esac
  done
  if [ "${#changed[@]}" = 0 ]; then
    say "  $what: as it should be"
  else
    step "set $what" aws sns set-sms-attributes --attributes "$(IFS=,; echo "${changed[*]}")"
  fi
}

tell() {
  [ "$dry_run" = no ] || return 0
  say
  aws cloudformation describe-stacks --stack-name "$stack" --output table \
    --query 'Stacks[0].Outputs[].[OutputKey, OutputValue]'
  local phone="+14254147755"  # AWS's own simulator
  # Ids that no shop has: a real order with them would be taken for the same.
  local try
  try="postrider-try-$(date +%s)"
  local order="{\"order_id\":\"$try\",\"customer_id\":\"$try\",\"status\":\"confirmed\","
  order+="\"contact\":{\"phone\":\"$phone\"}}"
  say
  say "A first order, which $([ "$test_mode" = true ] && echo "reaches nobody (test mode)" ||
    echo "goes to AWS's own test number"):"
  say "  aws lambda invoke --region $region --cli-binary-format raw-in-base64-out \\"
  say "    --function-name $(output OrderProcessorFunction) --payload \\"
  say "    '$order' \\"
  say "    /dev/stdout"
  say "What became of it:"
  say "  AWS_REGION=$region postrider notifications list --order $try --aws $stack"
  if [ -z "$alarm_addresses" ]; then
    say "Nobody hears of alarms yet: alarmEmails in infra/lib/settings.ts."
  fi
}

find_program
check_shop
read_settings
check_region
find_account
say "$stack in $region, account ${account:-not known}, functions for $architecture, $(
  [ "$test_mode" = true ] && echo "test mode: reaches nobody" || echo "$sms_carrier, live")"
check_settings
check_receipts
check_sandboxes
check_concurrency
build_zips
bootstrap
make_log_groups
verify_sender
deploy_stack
set_sms_attributes
tell
