"""A proxy before moto's DynamoDB that does what a network and a busy service do: some requests are
throttled before they are done, some answers are lost after."""

import json
import random
import threading

from proxy import Proxy

THROTTLE = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException",
                       "message": "Rate exceeded"}).encode()
CONFLICT = json.dumps({
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "message": "m",
    "CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}]}).encode()


class FaultProxy(Proxy):
    """`shares` of requests: throttled, conflict (of transactions), lost (answers of what can be
    read back)."""

    def __init__(self, behind_port, seed=1, throttled=0.05, conflict=0.05, lost=0.1):
        super().__init__(behind_port)
        self.shares = {"throttled": throttled, "conflict": conflict, "lost": lost}
        self.random = random.Random(seed)
        self.hold = None  # text of a request whose answer is to be held back …
        self.held = threading.Event()  # … and whether it is
        self.lose = None  # text of requests whose every other answer is lost, the first one too
        self.lost_last = False
        self.done = {"throttled": 0, "conflict": 0, "lost": 0, "passed": 0}

    def fate(self, operation, body):
        """A write without a name of its own is not read back: its answer is not lost here."""
        named = b'"#token"' in body or b"open_" in body or operation == "BatchWriteItem"
        reads = operation in ("BatchGetItem", "Query", "Scan")
        with self.lock:
            if self.lose and self.lose in body:
                self.lost_last = not self.lost_last
                if self.lost_last:
                    self.done["lost"] += 1
                    return "lost"
            dice = self.random.random()
            for kind in ("throttled", "conflict", "lost"):
                if kind == "conflict" and operation != "TransactWriteItems":
                    continue
                if kind == "lost" and not (named or reads or operation == "TransactWriteItems"
                                           and b"ClientRequestToken" in body):
                    continue
                if dice < self.shares[kind]:
                    self.done[kind] += 1
                    return kind
                dice -= self.shares[kind]
            self.done["passed"] += 1
            return "passed"

    def serve(self, handler, body):
        operation = handler.headers.get("X-Amz-Target", "").rpartition(".")[2]
        fate = self.fate(operation, body) if operation != "CreateTable" else "passed"
        if fate in ("throttled", "conflict"):
            self.answer(handler, 400, THROTTLE if fate == "throttled" else CONFLICT)
            return
        status, content, kind = self.pass_on(handler, body)
        if self.hold and self.hold in body:
            self.held.set()
            threading.Event().wait(30)
            fate = "lost"
        if fate == "lost":
            handler.close_connection = True
            return
        self.answer(handler, status, content, kind)
