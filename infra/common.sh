# What deploy.sh and destroy.sh share; they set `here` and `usage`.

say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Sets `environment` and `region`, and whether the words that the usage has in brackets were said.
read_words() {
  local word words=()
  dry_run=no sure=no take_over=no receipts_too=no
  for word in "$@"; do
    case "$word" in
      -*) case "$usage" in *"[$word]"*) ;; *) say "$usage" >&2; exit 2 ;; esac ;;
      *) words+=("$word") ;;
    esac
    case "$word" in
      --dry-run) dry_run=yes ;;
      --yes) sure=yes ;;
      --take-over) take_over=yes ;;
      --receipts-too) receipts_too=yes ;;
    esac
  done
  if [ "${#words[@]}" -gt 2 ]; then say "$usage" >&2; exit 2; fi
  environment="${words[0]:-dev}"
  region="${words[1]:-us-east-1}"
}

# A step that changes something: done, or told of where nothing is to be done.
step() {
  local what="$1"
  shift
  if [ "$dry_run" = yes ]; then
    local command
    printf -v command ' %q' "${@#run_}"
    say "  would $what"
    say "     $command"
    return
  fi
  say "  $what"
  "$@"
}

# What AWS answers, as text; empty where there is no such thing. Any other refusal ends the script.
# Warnings of the command line are no part of the answer.
ask() {
  local answer why said
  said="$(mktemp)"
  if answer="$(aws "$@" --output text 2> "$said")"; then
    rm "$said"
    [ "$answer" = None ] || printf '%s\n' "$answer"
    return
  fi
  why="$(cat "$said")"
  rm "$said"
  case "$why" in
    *"does not exist"* | *NotFound* | *NoSuchEntity*) ;;
    *) fail "aws $1 $2: $why" ;;
  esac
}

run_cdk() { (cd "$here" && ${CDK:-./node node_modules/.bin/cdk} "$@"); }

# Sets `postrider`, the program that reads the shop's settings: of these sources, so that it knows
# the settings that the functions know.
find_program() {
  if [ -n "${POSTRIDER:-}" ]; then
    postrider="$(realpath "$POSTRIDER")"
  else
    postrider="$(realpath "$here/..")/build/release/postrider"
    step "build the program that reads the shop's settings, or keep the one that is built" \
      ${MAKE:-make} --no-print-directory -C "$here/.." build
  fi
  [ -x "$postrider" ] || fail "there is no $postrider, which reads the shop's settings: \"make \
build\" builds it"
  export POSTRIDER="$postrider"
}

# Checks the shop's files before anything is begun. In the project's folder, which the paths in the
# findings begin in.
check_shop() {
  local folder="infra/settings/$environment"
  if [ ! -d "$here/../$folder" ]; then
    say "there is no environment \"$environment\": infra/settings has $(
      cd "$here/settings" && echo *)" >&2
    exit 2
  fi
  (cd "$here/.." && "$postrider" doctor --home aws --config "$folder/postrider.toml") ||
    fail "nothing was done: correct the files of $folder first"
}

read_settings() {
  "$here/../tools/npm.sh" infra
  local settings
  settings="$("$here/node" "$here/bin/print_settings.ts" "$environment")" || exit 2
  eval "$settings"
}

check_region() {
  case "$region" in
    [a-z][a-z]-*-[0-9]) ;;
    *) fail "\"$region\" is no region such as us-east-1" ;;
  esac
  export AWS_REGION="$region" AWS_DEFAULT_REGION="$region" AWS_PAGER=""
}

# Sets `account`; without credentials it is empty, which only a dry run may go on with.
find_account() {
  account=""
  local why
  if ! command -v aws > /dev/null; then
    [ "$dry_run" = yes ] || fail "the AWS command line is missing: apt-get install awscli"
    say "There is no AWS command line here: what the account has already is not known."
  elif ! why="$(aws sts get-caller-identity --query Account --output text 2>&1 > /dev/null)"; then
    [ "$dry_run" = yes ] || fail "AWS does not know who you are ($why): aws configure, aws sso \
login, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; then: aws sts get-caller-identity"
    say "There are no credentials of AWS here: what the account has already is not known."
  else
    account="$(ask sts get-caller-identity --query Account)"
  fi
}

output() { ask cloudformation describe-stacks --stack-name "$stack" \
  --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"; }

refuse_later() {
  [ "$dry_run" = yes ] || fail "$1"
  say "It would refuse: $1."
}

# Set by the stack of the account's owner, empty before it is deployed.
delivery_role() { output DeliveryStatusRoleArn; }

# The role with which SNS writes receipts; none where somebody has taken it away. Who may not look
# is told what SNS has.
receipts_role() {
  local role there
  role="$(sms_attribute DeliveryStatusIAMRole)"
  [ -n "$role" ] || return 0
  there="$(ask iam get-role --role-name "${role##*/}" --query Role.Arn 2> /dev/null)" || there=?
  [ -z "$there" ] || printf '%s\n' "$role"
}

# One of SNS's settings of the account and region.
sms_attribute() { ask sns get-sms-attributes --query "attributes.$1"; }
