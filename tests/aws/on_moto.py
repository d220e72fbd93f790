"""on_moto.py [--faults SEED] PROGRAM [ARGUMENT …]: runs a program with a moto server to talk to,
signatures and permissions checked, and ends with its exit code. With faults, DynamoDB throttles,
its transactions conflict, and answers are lost on the way."""

import subprocess
import sys

from fault_proxy import FaultProxy
from moto_server import MotoServer, clean_environment

command = sys.argv[1:]
with MotoServer() as aws:
    environment = clean_environment() | aws.environment
    if command[0] != "--faults":
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    with FaultProxy(aws.port, seed=int(command[1])) as faults:
        environment["AWS_ENDPOINT_URL_DYNAMODB"] = faults.url
        code = subprocess.run(command[2:], env=environment, check=False).returncode
        print("DynamoDB requests:", faults.done)
        # A run without faults would prove nothing.
        sys.exit(code or min(faults.done.values()) == 0)
