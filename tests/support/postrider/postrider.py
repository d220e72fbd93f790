"""The real program for system tests: started, spoken to over loopback, ended with its test.

POSTRIDER names the binary. Everything a run writes stays in the case's folder, so that the canary
test can read all of it.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["POSTRIDER"]
START_LIMIT = 15.0


def wait_until(condition, seconds=20.0, every=0.02, what="the condition"):
    """The first true value of condition(); fails when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(every)


class Program:
    """A running postrider process whose first lines say where it listens."""

    def __init__(self, arguments, log, environment=None):
        self.log_path = log
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            [BINARY, *arguments],
            stdout=subprocess.PIPE,
            stderr=self.log,
            env={**os.environ, **(environment or {})},
        )
        self.first_lines = []
        self.port = None

    def wait_for_port(self):
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            line = self.process.stdout.readline().decode()
            if not line:
                break
            self.first_lines.append(line)
            found = re.search(r"listening on http://[\d.]+:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                return self
        raise AssertionError(
            f"no port from {self.process.args}: {self.first_lines}"
            f" {open(self.log_path).read()[-2000:]}"
        )

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.close()

    def stop(self, seconds=20):
        """SIGTERM; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(seconds)
        self.close()
        return status

    def close(self):
        self.process.stdout.close()
        self.log.close()


def request(port, method, path, body=None, headers=None, timeout=20):
    """(status, parsed JSON or text)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        sent = (
            {"Content-Type": "application/json", **(headers or {})}
            if body is not None
            else (headers or {})
        )
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        kind = answer.getheader("Content-Type", "")
        return answer.status, (
            json.loads(text)
            if kind.startswith(("application/json", "application/problem"))
            else text
        )
    finally:
        connection.close()


def ndjson(port, path, documents, timeout=60):
    """The answer lines of a bulk request."""
    body = "\n".join(d if isinstance(d, str) else json.dumps(d) for d in documents)
    status, text = request(
        port, "POST", path, body, {"Content-Type": "application/x-ndjson"}, timeout
    )
    assert status == 200, (status, text)
    return [json.loads(line) for line in text.splitlines() if line]


def event(order, status="confirmed", customer="c1", **more):
    return {"order_id": order, "customer_id": customer, "status": status, **more}


class ServiceCase(unittest.TestCase):
    """A test with a folder of its own and programs that are ended with it."""

    QUICK = ["sms.parts_per_second=0", "customer.per_hour=0", "sweep.every=100ms"]

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="postrider-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = os.path.join(self.folder, "data")
        self.programs = []
        self.addCleanup(self.end_programs)

    def end_programs(self):
        for program in self.programs:
            if program.process.poll() is None:
                program.kill()

    def start(self, *settings, data=None, arguments=(), quick=True, port=0):
        """The service, on a free port where none is given."""
        chosen = [*(self.QUICK if quick else []), *settings]
        sets = [part for s in chosen for part in ("--set", s)]
        program = Program(
            ["serve", "--data", data or self.data, "--listen", f"127.0.0.1:{port}", *sets]
            + list(arguments),
            os.path.join(self.folder, f"service-{len(self.programs)}.log"),
        )
        self.programs.append(program)
        return program.wait_for_port()

    def run_command(self, *arguments, status=0, stdin=None):
        """Runs a command of the binary; its completed process."""
        done = subprocess.run(
            [BINARY, *arguments], capture_output=True, text=True, timeout=120, input=stdin
        )
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def customer(self, service, name="c1", **more):
        body = {"phone": "+4915112345678", "email": f"{name}@example.com", "region": "DE", **more}
        status, answer = request(
            service.port,
            "PUT",
            f"/v1/customers/{name}",
            {k: v for k, v in body.items() if v is not None},
        )
        self.assertIn(status, (200, 201, 204), answer)

    def send(self, service, document, expect=202):
        status, answer = request(service.port, "POST", "/v1/order-events", document)
        self.assertEqual(status, expect, answer)
        return answer

    def record(self, service, notification):
        return request(service.port, "GET", f"/v1/notifications/{notification}")[1]

    def end_state(self, service, notification, state, seconds=20):
        """The record once it is in `state`."""
        return wait_until(
            lambda: (r := self.record(service, notification)).get("state") == state and r,
            seconds,
            what=f"state {state}, last {self.record(service, notification).get('state')}",
        )

    def mails(self, data=None):
        folder = os.path.join(data or self.data, "outbox")
        if not os.path.isdir(folder):
            return []
        return [
            open(os.path.join(folder, f)).read()
            for f in sorted(os.listdir(folder))
            if f.endswith(".eml")
        ]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
