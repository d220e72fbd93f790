"""on_moto.py PROGRAM [ARGUMENT …]: runs a program with a moto server to talk to, signatures and
permissions checked, and ends with its exit code."""

import subprocess
import sys

from moto_server import MotoServer, clean_environment

with MotoServer() as aws:
    sys.exit(subprocess.run(sys.argv[1:], env=clean_environment() | aws.environment,
                            check=False).returncode)
