"""A run of a program beside a moto server that checks signatures and permissions. Usage:
on_moto.py [--faults SEED | --lose TEXT] PROGRAM [ARGUMENT …]; the exit code is the program's.
--faults: DynamoDB throttles, its transactions conflict, and answers are lost on the way. --lose:
every second answer to a request that has TEXT in it is lost, and nothing else."""

import subprocess
import sys

from fault_proxy import FaultProxy
from moto_server import MotoServer, clean_environment

command = sys.argv[1:]
with MotoServer() as aws:
    environment = clean_environment() | aws.environment
    if command[0] not in ("--faults", "--lose"):
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    if command[0] == "--faults":
        proxy = FaultProxy(aws.port, seed=int(command[1]))
    else:
        proxy = FaultProxy(aws.port, throttled=0, conflict=0, lost=0)
        proxy.lose = command[1].encode()
    with proxy as faults:
        environment["AWS_ENDPOINT_URL_DYNAMODB"] = faults.url
        code = subprocess.run(command[2:], env=environment, check=False).returncode
        print("DynamoDB requests:", faults.done)
        # A run without faults would prove nothing.
        made = faults.done.values() if command[0] == "--faults" else [faults.done["lost"]]
        sys.exit(code or min(made) == 0)
