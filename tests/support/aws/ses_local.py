"""aws-ses-v2-local, a stand-in for SES from npm that keeps what moto drops: both bodies, headers.
Loopback only."""

import json
import os
import pathlib
import subprocess
import time
import urllib.request

from moto_server import free_port


class SesLocal:
    """`with SesLocal() as ses: ses.url … ses.mails()`"""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        modules = pathlib.Path(os.environ["NODE_MODULES"])
        node = next(modules.glob("node-linux-*/bin/node"))
        self.process = subprocess.Popen(
            [node, modules / "aws-ses-v2-local/dist/cli.js", "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url + "/health-check", timeout=5).read()
                return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("aws-ses-v2-local does not answer within 30 s")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def mails(self):
        """from, destination, subject, body (html, text), headers of all that came in."""
        with urllib.request.urlopen(self.url + "/store", timeout=30) as answer:
            return json.load(answer)["emails"]
