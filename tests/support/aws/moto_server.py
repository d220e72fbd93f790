"""A moto server of the test's own, with signatures and permissions checked. Loopback only."""

import atexit
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import boto3

REGION = "us-east-1"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class MotoServer:
    """`with MotoServer() as aws:` … `aws.environment` is what a program needs to reach it. The
    server of one that has ended serves the next one, emptied: a start takes seconds."""

    idle = None  # a running one that nobody uses

    def __init__(self, checked=True):
        self.checked = checked
        self.process, self.log = None, None

    def __enter__(self):
        if MotoServer.idle:
            self.process, self.log, self.port = MotoServer.idle
            MotoServer.idle = None
        else:
            self.port = free_port()
            self.log = open(os.environ.get("MOTO_LOG", os.devnull), "w")
            self.process = subprocess.Popen(
                [sys.executable, pathlib.Path(__file__).with_name("moto_process.py"),
                 str(self.port)], stdout=subprocess.DEVNULL, stderr=self.log)
            atexit.register(self.process.kill)
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
        }
        try:
            self.wait()
            if self.checked:
                self.check_signatures()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        if MotoServer.idle or self.process.poll() is not None:
            self.end()
            return
        self.post("reset-auth", b"inf")
        self.post("reset")
        MotoServer.idle = (self.process, self.log, self.port)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def post(self, what, content=b""):
        request = urllib.request.Request(f"{self.url}/moto-api/{what}", data=content,
                                         headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=30).read()

    def wait(self):
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"moto ended with {self.process.returncode}")
            try:
                urllib.request.urlopen(self.url + "/moto-api/data.json", timeout=5).read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("moto does not answer within 30 s")

    def client(self, service):
        e = self.environment
        return boto3.client(service, region_name=REGION, endpoint_url=self.url,
                            aws_access_key_id=e["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=e["AWS_SECRET_ACCESS_KEY"])

    def check_signatures(self):
        """From here on a wrong signature, an unknown key or a missing permission is refused."""
        iam = self.client("iam")
        iam.create_user(UserName="test")
        iam.put_user_policy(UserName="test", PolicyName="all", PolicyDocument=json.dumps(
            {"Version": "2012-10-17",
             "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
        key = iam.create_access_key(UserName="test")["AccessKey"]
        self.environment["AWS_ACCESS_KEY_ID"] = key["AccessKeyId"]
        self.environment["AWS_SECRET_ACCESS_KEY"] = key["SecretAccessKey"]
        self.post("reset-auth", b"0")


def clean_environment():
    """This process's, without anything of AWS."""
    return {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
