"""The signatures in golden_signatures.json, written by botocore's signer for the request shapes
that Postrider sends. `golden_signatures.py --check` compares with the file instead."""

import json
import pathlib
import sys
from datetime import datetime, timezone
from unittest import mock

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

FILE = pathlib.Path(__file__).with_suffix(".json")
NOW = datetime(2026, 11, 24, 21, 5, 9, tzinfo=timezone.utc)
JSON_1_0 = "application/x-amz-json-1.0"
FORM = "application/x-www-form-urlencoded"

# name, service, region, host, path, target, content type, body, session token
SHAPES = [
    ("DynamoDB", "dynamodb", "us-east-1", "dynamodb.us-east-1.amazonaws.com", "/",
     "DynamoDB_20120810.TransactWriteItems", JSON_1_0, '{"TransactItems":[]}', ""),
    ("session token", "dynamodb", "eu-central-1", "dynamodb.eu-central-1.amazonaws.com", "/",
     "DynamoDB_20120810.GetItem", JSON_1_0, '{"TableName":"log"}', "IQoJb3JpZ2luX2VjEXAMPLE//+="),
    ("an endpoint with a port", "sqs", "us-east-1", "127.0.0.1:5999", "/",
     "AmazonSQS.SendMessageBatch", JSON_1_0, '{"Entries":[]}', ""),
    ("SNS form", "sns", "ap-southeast-2", "sns.ap-southeast-2.amazonaws.com", "/", "", FORM,
     "Action=Publish&Version=2010-03-31&PhoneNumber=%2B14255550156&Message=a%20%C3%A4%0A", ""),
    ("UTF-8 body", "sms-voice", "us-west-2", "sms-voice.us-west-2.amazonaws.com", "/",
     "PinpointSMSVoiceV2.SendTextMessage", JSON_1_0, '{"MessageBody":"Żółw 🐢 ä"}', "token"),
    ("SES", "ses", "us-east-1", "email.us-east-1.amazonaws.com", "/v2/email/outbound-emails", "",
     "application/json", '{"FromEmailAddress":"a@example.com"}', ""),
    ("empty body", "dynamodb", "us-east-1", "dynamodb.us-east-1.amazonaws.com", "/",
     "DynamoDB_20120810.ListTables", JSON_1_0, "", ""),
    ("200 kB", "sqs", "us-east-1", "sqs.us-east-1.amazonaws.com", "/", "AmazonSQS.SendMessage",
     JSON_1_0, "x" * 200_000, ""),
    ("path with an address", "ses", "us-east-1", "email.us-east-1.amazonaws.com",
     "/v2/email/identities/a%40example.com", "", "application/json", "{}", ""),
    ("path below an endpoint", "sqs", "us-east-1", "localhost:4566", "/base path~x/", "", FORM,
     "Action=X", ""),
    ("blanks in a header", "dynamodb", "us-east-1", "h.example", "/", "a   b ", JSON_1_0, "", ""),
]


def signature(shape):
    _, service, region, host, path, target, content_type, body, token = shape
    headers = {"content-type": content_type, "host": host}
    if target:
        headers["x-amz-target"] = target
    request = AWSRequest("POST", f"https://{host}{path}", headers=headers,
                         data=body.encode() or None)
    signer = botocore.auth.SigV4Auth(
        Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token or None),
        service, region)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda: NOW):
        signer.add_auth(request)
    return request.headers["Authorization"]


def main():
    rows = [dict(zip(("name", "service", "region", "host", "path", "target", "content_type",
                      "body", "session_token"), shape), authorization=signature(shape))
            for shape in SHAPES]
    for row in rows:
        if len(row["body"]) > 1000:
            row["body_repeats"] = len(row["body"])
            row["body"] = row["body"][0]
    text = json.dumps({"botocore": botocore.__version__, "rows": rows}, indent=1,
                      ensure_ascii=False) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(text)
        return 0
    if json.loads(text)["rows"] != json.loads(FILE.read_text())["rows"]:
        print(f"{FILE.name} is not what botocore {botocore.__version__} signs", file=sys.stderr)
        return 1
    print(f"{len(rows)} signatures as botocore {botocore.__version__} makes them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
