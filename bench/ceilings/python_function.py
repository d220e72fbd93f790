"""The ceiling of P8: a function in Python with boto3 that does as little as one can,
behind the same runtime API. The real runtime of Lambda for Python does more before its first
request."""

import http.client
import json
import os

import boto3

DYNAMODB = boto3.client("dynamodb")
SQS = boto3.client("sqs")
SNS = boto3.client("sns")


def handle(event):
    DYNAMODB.get_item(TableName="preferences", Key={"customer_id": {"S": str(len(event))}})


def main():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    handle(json.loads(api.getresponse().read()))


main()
