"""Stands between a program and moto's DynamoDB and does what a network and a busy service do: some
requests are throttled before they are done, some answers are lost after."""

import http.client
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

THROTTLE = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException",
                       "message": "Rate exceeded"}).encode()
CONFLICT = json.dumps({
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "message": "m",
    "CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}]}).encode()


class FaultProxy:
    """`shares` of requests: throttled, conflict (of transactions), lost (answers of what can be
    read back)."""

    def __init__(self, behind_port, seed=1, throttled=0.05, conflict=0.05, lost=0.1):
        self.behind_port = behind_port
        self.shares = {"throttled": throttled, "conflict": conflict, "lost": lost}
        self.random = random.Random(seed)
        self.hold = None  # text of a request whose answer is to be held back …
        self.held = threading.Event()  # … and whether it is
        self.lock = threading.Lock()
        self.done = {"throttled": 0, "conflict": 0, "lost": 0, "passed": 0}
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                proxy.serve(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def fate(self, operation, body):
        """A write without a name of its own is not read back: its answer is not lost here."""
        named = b'"#token"' in body or b"open_" in body or operation == "BatchWriteItem"
        reads = operation in ("BatchGetItem", "Query", "Scan")
        with self.lock:
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

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        operation = handler.headers.get("X-Amz-Target", "").rpartition(".")[2]
        fate = self.fate(operation, body) if operation != "CreateTable" else "passed"
        if fate in ("throttled", "conflict"):
            self.answer(handler, 400, THROTTLE if fate == "throttled" else CONFLICT)
            return
        behind = http.client.HTTPConnection("127.0.0.1", self.behind_port, timeout=60)
        behind.request("POST", handler.path, body, dict(handler.headers))
        answer = behind.getresponse()
        content = answer.read()
        behind.close()
        if self.hold and self.hold in body:
            self.held.set()
            threading.Event().wait(30)
            fate = "lost"
        if fate == "lost":
            handler.close_connection = True
            return
        self.answer(handler, answer.status, content)

    @staticmethod
    def answer(handler, status, content):
        handler.send_response(status)
        handler.send_header("Content-Type", "application/x-amz-json-1.0")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
