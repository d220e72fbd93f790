"""An SMTP server as a process of its own: smtp_server.py in one of its modes."""

import os
import pathlib
import subprocess
import sys


class MailServer:
    """Its `port` is open when it is made."""

    def __init__(self, mode, folder, port=0):
        os.makedirs(folder, exist_ok=True)
        self.folder = folder
        self.process = subprocess.Popen(
            [
                sys.executable,
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "smtp_server.py"),
                "--mode",
                mode,
                "--folder",
                folder,
                "--port",
                str(port),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline().split()[-1])

    def received(self):
        names = sorted(os.listdir(self.folder))
        return [pathlib.Path(self.folder, name).read_text() for name in names]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
