"""A stand-in for the command `aws`, over a moto server: `aws SERVICE OPERATION --option value …
[--query JMESPATH] [--output text|json|table]`. The command itself is a line of shell that asks a
server in the test: a start of boto3 for each call would take most of the time."""

import json

import boto3
import jmespath
from botocore import xform_name
from botocore.exceptions import ClientError
from proxy import Proxy

COMMAND = """#!/bin/sh
if answer="$(printf '%s\\0' "$@" | curl -s --fail-with-body -H "Region: $AWS_REGION" \\
  -H "Key: $AWS_ACCESS_KEY_ID" --data-binary @- {url})"; then echo "$answer"
else echo "$answer" >&2; exit 254; fi
"""


def value_of(shape, text):
    if shape.type_name == "integer":
        return int(text)
    if shape.type_name == "map":  # shorthand: a=b,c=d
        return dict(pair.split("=", 1) for pair in text.split(","))
    return text


def as_text(found):
    if isinstance(found, list):
        apart = "\n" if not found or isinstance(found[0], list) else "\t"
        return apart.join(as_text(each) for each in found)
    return "None" if found is None else str(found)


class AwsCommand(Proxy):
    """`with AwsCommand(moto) as command: command.script()` is the command; `calls` what came."""

    def __init__(self, moto):
        super().__init__(moto.port)
        self.moto = moto
        self.calls = []
        self.refusals = {}  # by how a call begins: what AWS says
        self.answers = {}   # … and what it answers, where moto can't

    def script(self):
        return COMMAND.format(url=self.url)

    def serve(self, handler, body):
        status, text = self.carry_out(body.decode().split("\0")[:-1], handler.headers["Region"],
                                      bool(handler.headers["Key"]))
        self.answer(handler, status, text.encode(), "text/plain")

    def carry_out(self, words, region, has_key):
        self.calls.append(" ".join(words))
        if not has_key:
            return 400, "Unable to locate credentials\n"
        for beginning, why in self.refusals.items():
            if " ".join(words).startswith(beginning):
                return 400, f"An error occurred: {why}\n"
        for beginning, answer in self.answers.items():
            if " ".join(words).startswith(beginning):
                return 200, answer + "\n"
        service, operation = words[:2]
        options = dict(zip((w.removeprefix("--") for w in words[2::2]), words[3::2]))
        query, output = options.pop("query", "@"), options.pop("output", "json")
        client = boto3.client(service, region_name=region, endpoint_url=self.moto.url,
                              aws_access_key_id="testing", aws_secret_access_key="testing")
        method = operation.replace("-", "_")
        shape = client.meta.service_model.operation_model(
            client.meta.method_to_api_mapping[method]).input_shape
        names = {xform_name(name, "-"): name for name in (shape.members if shape else {})}
        given = {names[o]: value_of(shape.members[names[o]], v) for o, v in options.items()}
        try:
            answer = getattr(client, method)(**given)
        except ClientError as error:
            return 400, f"An error occurred: {error}\n"
        answer.pop("ResponseMetadata", None)
        found = jmespath.search(query, answer)
        text = as_text(found) if output == "text" else json.dumps(found, indent=1, default=str)
        return 200, text + "\n"
