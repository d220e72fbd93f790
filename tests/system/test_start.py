"""A service that can't start: it says why in one line and ends with 1, or 2 for settings."""

import os
import unittest

from postrider import ServiceCase


class Start(ServiceCase):

    def refused(self, *settings, status, says):
        sets = [part for s in settings for part in ("--set", s)]
        arguments = ["serve", "--data", self.data, "--listen", "127.0.0.1:0", *sets]
        done = self.run_command(*arguments, status=status)
        self.assertIn(says, done.stderr)
        lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("postrider: "), lines[0])

    def file(self, name, text, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def test_an_address_that_is_taken(self):
        service = self.start(data=os.path.join(self.folder, "other"))
        done = self.run_command(
            "serve", "--data", self.data, "--listen", f"127.0.0.1:{service.port}", status=1
        )
        said = f"can't listen on 127.0.0.1:{service.port}: Address already in use"
        self.assertIn(said, done.stderr)
        self.assertIn("--listen", done.stderr)

    def test_a_secret_that_is_none(self):
        carrier = ("sms.carrier=http", "http_carrier.url=http://127.0.0.1:9/v1/messages")
        wrong = self.file("wrong", "hunter2\n")
        self.refused(
            *carrier, f"http_carrier.secret_file={wrong}", status=2, says="not a whsec_ secret"
        )
        shared = self.file("shared", "whsec_x\n", 0o644)
        self.refused(*carrier, f"http_carrier.secret_file={shared}", status=2, says="chmod 600")

    def test_authorities_that_are_not_there(self):
        nowhere = os.path.join(self.folder, "none.pem")
        self.refused(
            "email.mailer=smtp",
            "smtp.host=mail.example",
            f"smtp.ca_file={nowhere}",
            status=2,
            says="smtp.ca_file: can't read " + nowhere,
        )

    def test_a_file_that_is_no_database(self):
        os.makedirs(self.data)
        path = os.path.join(self.data, "postrider.db")
        with open(path, "wb") as f:
            f.write(b"order;phone\n" * 1000)
        self.refused(status=1, says=path + ": file is not a database")
        self.refused(status=1, says="restore a backup")

    def test_an_outbox_that_is_a_file(self):
        os.makedirs(self.data)
        with open(os.path.join(self.data, "outbox"), "w") as f:
            f.write("")
        self.refused(status=1, says="no folder for mail")


if __name__ == "__main__":
    unittest.main()
