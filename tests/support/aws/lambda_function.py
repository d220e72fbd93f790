"""A function's program, run as Lambda does: behind a runtime API, one invocation at a time."""

import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FunctionError(Exception):
    """The function answered with an error; `kind` is its type."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class LambdaFunction:
    """`with LambdaFunction(command, "sms-sender", environment) as f: f.invoke(event)`"""

    def __init__(self, command, handler, environment, timeout=30):
        self.command, self.handler, self.timeout = command, handler, timeout
        self.trace = None  # X-Amzn-Trace-Id of the next invocations
        self.environment = environment
        self.waiting, self.answers = queue.Queue(), queue.Queue()
        self.failed_start = None
        # A file, not a pipe: what the function wrote before its answer is there with the answer.
        self.log = tempfile.TemporaryFile()
        self.process = None
        self.count = 0
        function = self

        class Api(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are two writes

            def do_GET(self):
                function.next(self)

            def do_POST(self):
                function.post(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.server.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        self.server.shutdown()
        self.server.server_close()
        self.log.close()

    @property
    def lines(self):
        """The whole lines of its log so far."""
        written = os.pread(self.log.fileno(), os.fstat(self.log.fileno()).st_size, 0)
        return written.decode(errors="replace").split("\n")[:-1]

    def start(self):
        address = "127.0.0.1:%d" % self.server.server_address[1]
        self.process = subprocess.Popen(
            self.command, stdout=self.log, stderr=subprocess.STDOUT,
            env=self.environment | {"AWS_LAMBDA_RUNTIME_API": address, "_HANDLER": self.handler})

    def kill(self):
        """As a crash does, at once."""
        self.process.kill()
        self.process.wait()

    def next(self, api):
        request_id, event, deadline = self.waiting.get()
        body = event.encode()
        api.send_response(200)
        for name, value in (("Lambda-Runtime-Aws-Request-Id", request_id),
                            ("Lambda-Runtime-Deadline-Ms", str(int(deadline * 1000))),
                            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:x"),
                            *([("Lambda-Runtime-Trace-Id", self.trace)] if self.trace else []),
                            ("Content-Type", "application/json"),
                            ("Content-Length", str(len(body)))):
            api.send_header(name, value)
        api.end_headers()
        api.wfile.write(body)

    def post(self, api):
        body = api.rfile.read(int(api.headers.get("Content-Length", 0))).decode()
        if api.path.endswith("/init/error"):
            self.failed_start = json.loads(body)
        elif api.path.endswith("/response"):
            self.answers.put(("response", body))
        else:
            self.answers.put(("error", body))
        api.send_response(202)
        api.send_header("Content-Length", "0")
        api.end_headers()

    def answer(self, patience):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                return self.answers.get(timeout=0.2)
            except queue.Empty:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.handler} ended with {self.process.returncode}: "
                                       f"{self.lines[-5:]}") from None
        raise RuntimeError(f"{self.handler} gave no answer: {self.lines[-5:]}")

    def begin(self, event, timeout=None):
        """Hands an invocation over and does not wait for its end."""
        self.count += 1
        text = event if isinstance(event, str) else json.dumps(event)
        timeout = self.timeout if timeout is None else timeout
        self.waiting.put((f"r{self.count}", text, time.time() + timeout))

    def invoke_async(self, event):
        """As Lambda does for sources that wait for no answer: twice again after an error."""
        for _ in range(2):
            try:
                return self.invoke(event)
            except FunctionError:
                pass
        return self.invoke(event)

    def invoke(self, event, timeout=None):
        """The answer as JSON; raises FunctionError."""
        self.begin(event, timeout)
        kind, body = self.answer((timeout or self.timeout) + 30)
        if kind == "error":
            error = json.loads(body)
            raise FunctionError(error["errorType"], error["errorMessage"])
        return json.loads(body)
