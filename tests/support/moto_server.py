"""A moto server of the test's own, with signatures and permissions checked. Loopback only."""

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
    """`with MotoServer() as aws:` … `aws.environment` is what a program needs to reach it."""

    def __init__(self, checked=True):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.checked = checked
        self.process = None
        self.environment = {
            "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
        }

    def __enter__(self):
        self.log = open(os.environ.get("MOTO_LOG", os.devnull), "w")
        self.process = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).with_name("moto_process.py"), str(self.port)],
            stdout=subprocess.DEVNULL, stderr=self.log)
        try:
            self.wait()
            if self.checked:
                self.check_signatures()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

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
        request = urllib.request.Request(self.url + "/moto-api/reset-auth", data=b"0",
                                         headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=5).read()


def clean_environment():
    """This process's, without anything of AWS."""
    return {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
