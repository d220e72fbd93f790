"""A proxy before moto that lets through what a function's role allows, as AWS would check it: moto
knows neither the parts of a transaction nor the resources. Loopback only."""

import json
import re
import urllib.parse

from iam import allowed, needed
from proxy import Proxy

DENIED = {
    "query": (403, "text/xml", "<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError"
              "</Code><Message>not authorized</Message></Error></ErrorResponse>"),
    "json": (400, "application/x-amz-json-1.0", json.dumps(
        {"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "not authorized"})),
    "rest": (403, "application/json", json.dumps({"message": "not authorized"})),
}


class RoleProxy(Proxy):
    """`statements`: the role's. `used`: pairs of action and resource that were asked for."""

    def __init__(self, behind_port, statements):
        super().__init__(behind_port)
        self.statements = statements
        self.identity = "address"
        self.used, self.denied = set(), []
        self.published, self.mailed = [], []  # (form or request, message id)
        self.before_answer = None, None  # a number, and what happens before its sender hears
        self.refusals = {}  # by number or address: (status, kind, text) instead of an answer

    def serve(self, handler, body):
        for action, resource, context in needed(handler.headers, body, self.identity):
            self.used.add((action, resource))
            if not allowed(self.statements, action, resource, context):
                self.denied.append((action, resource))
                return self.refuse(handler, body)
        form = self.form_of(handler, body)
        to = form and (form.get("PhoneNumber") or form["Destination"]["ToAddresses"][0])
        if to in self.refusals:
            status, kind, text = self.refusals[to]
            return self.answer(handler, status, text.encode(), kind)
        status, content, kind = self.pass_on(handler, body)
        if form and status == 200 and "PhoneNumber" in form:
            message_id = re.search(rb"<MessageId>(.+?)<", content)[1].decode()
            self.published.append((form, message_id))
            if form["PhoneNumber"] == self.before_answer[0]:
                self.before_answer[1](message_id)
        elif form and status == 200:
            self.mailed.append((form, json.loads(content)["MessageId"]))
        return self.answer(handler, status, content, kind)

    @staticmethod
    def form_of(handler, body):
        """What is sent to a customer; None of other calls."""
        if body.startswith(b"Action=Publish&"):
            return dict(urllib.parse.parse_qsl(body.decode()))
        return json.loads(body) if handler.path.endswith("/outbound-emails") else None

    def refuse(self, handler, body):
        protocol = "json" if "X-Amz-Target" in handler.headers else \
            "query" if body.startswith(b"Action=") else "rest"
        status, kind, text = DENIED[protocol]
        self.answer(handler, status, text.encode(), kind)
