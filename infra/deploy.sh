#!/bin/bash
# infra/deploy.sh [--dry-run] [ENVIRONMENT] [REGION]: puts Postrider on AWS, or a new version of it.
# dev and us-east-1 where nothing is said. It can be run again at any time; with --dry-run it
# changes nothing and tells what it would do. docs/deploying.md explains each step.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/common.sh"

usage() { say "usage: infra/deploy.sh [--dry-run] [environment] [region]" >&2; exit 2; }

dry_run=no
words=()
for word in "$@"; do
  case "$word" in
    --dry-run) dry_run=yes ;;
    -*) usage ;;
    *) words+=("$word") ;;
  esac
done
[ "${#words[@]}" -le 2 ] || usage
environment="${words[0]:-dev}"
region="${words[1]:-us-east-1}"

# Refuses what would fail, or do harm, half an hour later.
check_settings() {
  case "$from_address" in
    *@example.com)
      [ "$test_mode" = true ] || refuse_later "fromEmail in infra/lib/settings.ts is still \
$from_address: name an address of the shop's" ;;
  esac
  [ "$test_mode" = true ] || [ -n "$alarm_addresses" ] || refuse_later "alarmEmails in \
infra/lib/settings.ts is empty: nobody would hear of an alarm"
}

refuse_later() {
  [ "$dry_run" = yes ] || fail "$1"
  say "It would refuse: $1."
}

build_zips() {
  step "build the functions' zips for $architecture, or keep those that are built" \
    ${MAKE:-make} --no-print-directory -C "$here/.." lambda
}

bootstrap() {
  if [ -n "$account" ] && [ -n "$(ask cloudformation describe-stacks --stack-name CDKToolkit \
      --query 'Stacks[0].StackName')" ]; then
    say "  CDK's own stack is there"
    return
  fi
  step "make CDK's own stack (bucket, roles), once an account and region" \
    run_cdk bootstrap "aws://${account:-ACCOUNT}/$region"
}

# SNS makes its log groups with the first message: a subscription needs them before.
make_log_groups() {
  [ "$sms_carrier" = sns ] || return 0
  local group name
  group="sns/$region/${account:-ACCOUNT}/DirectPublishToPhoneNumber"
  for name in "$group" "$group/Failure"; do
    if [ -n "$account" ] && [ "$(ask logs describe-log-groups --log-group-name-prefix "$name" \
        --query "logGroups[?logGroupName=='$name'].logGroupName")" = "$name" ]; then
      say "  log group $name is there"
      check_subscriptions "$name"
      continue
    fi
    step "make the log group $name" aws logs create-log-group --log-group-name "$name"
    step "keep its lines for $log_days days" \
      aws logs put-retention-policy --log-group-name "$name" --retention-in-days "$log_days"
  done
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
  local identity
  for identity in "$from_address" "${from_address#*@}"; do
    if [ -n "$account" ] && [ -n "$(ask sesv2 get-email-identity --email-identity "$identity" \
        --query IdentityType)" ]; then
      say "  SES knows $identity"
      return
    fi
  done
  step "have SES ask $from_address whether it may send for it (follow the link in its mail)" \
    aws sesv2 create-email-identity --email-identity "$from_address"
}

deploy_stack() {
  step "deploy $stack" \
    run_cdk deploy "$stack" -c "environment=$environment" --require-approval never --progress events
}

output() { ask cloudformation describe-stacks --stack-name "$stack" \
  --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"; }

# SNS has one spending limit, one type and one role for delivery status an account and region: they
# are the owner's. What is so already is not set again.
set_sms_attributes() {
  [ "$sms_carrier" = sns ] || return 0
  if [ "$environment" != "$account_owner" ]; then
    say "  the account's SMS attributes are left as they are: they belong to $account_owner"
    return
  fi
  local role wanted=() pair now
  role="$([ -z "$account" ] || output DeliveryStatusRoleArn || true)"
  wanted=("MonthlySpendLimit=$monthly_limit" "DeliveryStatusIAMRole=${role:-ROLE}"
    DeliveryStatusSuccessSamplingRate=100 "DefaultSMSType=$sms_type")
  [ -z "$sender_id" ] || wanted+=("DefaultSenderID=$sender_id")
  [ -z "$usage_bucket" ] || wanted+=("UsageReportS3Bucket=$usage_bucket")
  local changed=()
  now="$([ -z "$account" ] || aws sns get-sms-attributes --output json)"
  for pair in "${wanted[@]}"; do
    case "$now" in
      *"\"${pair%%=*}\": \"${pair#*=}\""*) ;;
      *) changed+=("$pair") ;;
    esac
  done
  if [ "${#changed[@]}" = 0 ]; then
    say "  the account's SMS attributes are as they should be"
    return
  fi
  step "set the account's SMS attributes" \
    aws sns set-sms-attributes --attributes "$(IFS=,; echo "${changed[*]}")" ||
    fail "SNS refused ${changed[*]}. A spending limit above the account's quota has to be asked \
for first: Service Quotas, Amazon SNS, \"SMS spend limit\""
}

tell() {
  [ "$dry_run" = no ] || return 0
  say
  aws cloudformation describe-stacks --stack-name "$stack" --output table \
    --query 'Stacks[0].Outputs[].[OutputKey, OutputValue]'
  local phone="+14254147755"  # AWS's own simulator
  local order="{\"order_id\":\"1\",\"customer_id\":\"1\",\"status\":\"confirmed\","
  order+="\"contact\":{\"phone\":\"$phone\"}}"
  say
  say "A first order, which $([ "$test_mode" = true ] && echo "reaches nobody (test mode)" ||
    echo "goes to AWS's own test number"):"
  say "  aws lambda invoke --region $region --cli-binary-format raw-in-base64-out \\"
  say "    --function-name $(output OrderProcessorFunction) --payload \\"
  say "    '$order' \\"
  say "    /dev/stdout"
  say "What became of it:"
  say "  AWS_REGION=$region postrider notifications list --order 1 --aws $stack"
  if [ -z "$alarm_addresses" ]; then
    say "Nobody hears of alarms yet: alarmEmails in infra/lib/settings.ts."
  fi
}

read_settings
check_region
find_account
say "$stack in $region, account ${account:-not known}, functions for $architecture, $(
  [ "$test_mode" = true ] && echo "test mode: reaches nobody" || echo "$sms_carrier, live")"
check_settings
build_zips
bootstrap
make_log_groups
verify_sender
deploy_stack
set_sms_attributes
tell
