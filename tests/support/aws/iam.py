"""The check that AWS makes before it does what a call asks: the written table from a call to
actions and resources, and the evaluation of a role's statements. Sources: "Service Authorization
Reference" and the developer guides, November 2026."""

import fnmatch
import json
import re
import urllib.parse

ACCOUNT, REGION = "123456789012", "us-east-1"

# A transaction needs the permission of each of its parts ("DynamoDB transactions: IAM").
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem",
         "ConditionCheck": "ConditionCheckItem"}
# The action of a batch is that of its single call ("SQS API permissions": SendMessageBatch).
BATCHES = {"SendMessageBatch": "SendMessage", "DeleteMessageBatch": "DeleteMessage"}


def arn(service, resource, region=REGION, account=ACCOUNT):
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def of_dynamodb(operation, request):
    def on(action, table, index=None):
        return f"dynamodb:{action}", arn("dynamodb", f"table/{table}" +
                                         (f"/index/{index}" if index else "")), {}

    if operation == "TransactWriteItems":
        parts = [next(iter(part.items())) for part in request["TransactItems"]]
        return [on(PARTS[kind], part["TableName"]) for kind, part in parts]
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return [on(operation, table) for table in request["RequestItems"]]
    return [on(operation, request["TableName"], request.get("IndexName"))]


def of_sqs(operation, request):
    queue = request["QueueUrl"].rsplit("/", 1)[-1]
    return [("sqs:" + BATCHES.get(operation, operation), arn("sqs", queue), {})]


def of_sns(operation, form):
    # A phone number has no ARN; ListPhoneNumbersOptedOut has no resource type.
    resource = form.get("PhoneNumber") or form.get("TopicArn") or "*"
    return [("sns:" + operation, resource, {})]


def of_ses(request, identity):
    """`identity`: what is verified, of the sender: its "address" or its "domain"."""
    sender = request["FromEmailAddress"]
    address = re.search(r"<(.+)>", sender)[1] if "<" in sender else sender
    known = address if identity == "address" else address.split("@")[1]
    context = {"ses:FromAddress": address}
    needed = [("ses:SendEmail", arn("ses", f"identity/{known}"), context)]
    if "ConfigurationSetName" in request:
        name = request["ConfigurationSetName"]
        needed.append(("ses:SendEmail", arn("ses", f"configuration-set/{name}"), context))
    return needed


def needed(headers, body, identity="address"):
    """What one HTTP request has to be allowed: (action, resource, context of the condition)."""
    target = headers.get("X-Amz-Target", "")
    if target:
        service, operation = target.split(".")
        of = {"DynamoDB_20120810": of_dynamodb, "AmazonSQS": of_sqs}[service]
        return of(operation, json.loads(body))
    if body.startswith(b"Action="):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        return of_sns(form["Action"], form)
    return of_ses(json.loads(body), identity)


def many(value):
    return value if isinstance(value, list) else [value]


def matches(pattern, value):
    """IAM's * and ?, and nothing else."""
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def covers(statement, action, resource):
    if not any(matches(each, action) for each in many(statement["Action"])):
        return False
    if "NotResource" in statement:
        return not any(matches(each, resource) for each in many(statement["NotResource"]))
    return any(matches(each, resource) for each in many(statement["Resource"]))


def allowed(statements, action, resource, context):
    """Whether a statement allows it; roles here have no Deny."""
    def holds(statement):
        for kind, wanted in statement.get("Condition", {}).items():
            assert kind == "StringEquals", kind
            if any(context.get(key) not in many(values) for key, values in wanted.items()):
                return False
        return True

    assert all(statement["Effect"] == "Allow" for statement in statements)
    return any(covers(s, action, resource) and holds(s) for s in statements)


def grants(statements):
    """Each pair of action and resource that can be taken away: (statement's place, action,
    resource)."""
    return [(place, action, resource) for place, s in enumerate(statements)
            for action in many(s["Action"])
            for resource in many(s.get("Resource", s.get("NotResource")))]


def without(statements, grant):
    """The statements without one pair."""
    place, action, resource = grant
    left = []
    for i, statement in enumerate(statements):
        if i != place:
            left.append(statement)
            continue
        key = "Resource" if "Resource" in statement else "NotResource"
        actions, resources = many(statement["Action"]), many(statement[key])
        left += [statement | {"Action": a, key: r} for a in actions for r in resources
                 if (a, r) != (action, resource)]
    return left
