"""SIGHUP: keys count at once, settings are checked, mistakes are logged and change nothing."""

import base64
import hashlib
import hmac
import json
import os
import signal
import time
import unittest

from postrider import ServiceCase, event, request, wait_until


class Reload(ServiceCase):

    def add_key(self, name, kind="live"):
        done = self.run_command("keys", "add", "--name", name, "--kind", kind, "--data", self.data)
        return {"Authorization": "Bearer " + done.stdout.strip()}

    def post(self, service, order, headers=None):
        return request(service.port, "POST", "/v1/order-events", event(order), headers)[0]

    def lines(self, service, name):
        with open(service.log_path) as log:
            return [r for r in map(json.loads, log) if r.get("event") == name]

    def hang_up(self, service):
        """Sends SIGHUP and returns the name of the closing log line."""
        names = ("reloaded", "reload_failed")
        before = {n: len(self.lines(service, n)) for n in names}
        service.process.send_signal(signal.SIGHUP)
        return wait_until(
            lambda: next((n for n in names if len(self.lines(service, n)) > before[n]), None)
        )

    def test_a_key_counts_from_the_signal_on_and_a_revoked_one_no_more(self):
        service = self.start()
        self.assertEqual(self.post(service, "o1"), 202, "loopback without keys")
        live = self.add_key("shop")
        self.assertEqual(self.post(service, "o2"), 202, "not yet")
        self.assertEqual(self.hang_up(service), "reloaded")
        self.assertEqual(self.post(service, "o3"), 401)
        self.assertEqual(self.post(service, "o3", live), 202)
        other = self.add_key("other")
        self.run_command("keys", "revoke", "shop", "--data", self.data)
        self.assertEqual(self.post(service, "o4", live), 202, "not yet")
        self.assertEqual(self.hang_up(service), "reloaded")
        self.assertEqual(self.post(service, "o5", live), 401)
        self.assertEqual(self.post(service, "o5", other), 202)

    def test_a_test_key_made_beside_a_keyless_service_makes_no_live_message(self):
        service = self.start()
        key = self.add_key("ci", "test")
        self.assertEqual(self.post(service, "o1", key), 401, "not known yet, and not taken as live")
        self.hang_up(service)
        status, answer = request(service.port, "POST", "/v1/order-events", event("o1"), key)
        self.assertEqual(status, 202)
        where = f"/v1/notifications/{answer['notification_id']}"
        self.assertEqual(request(service.port, "GET", where, headers=key)[1]["mode"], "test")

    def test_a_signing_secret_is_changed_without_losing_a_receipt(self):
        old, new = (bytes([octet]) * 32 for octet in (1, 2))
        path = os.path.join(self.folder, "secret")
        carrier = ("sms.carrier=http", "http_carrier.url=http://127.0.0.1:9/v1/messages")

        def write(*keys):
            lines = ("whsec_" + base64.b64encode(key).decode() + "\n" for key in keys)
            with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as f:
                f.writelines(lines)

        def statuses(service):
            return tuple(self.receipt(service, key) for key in (old, new))

        write(old)
        service = self.start(*carrier, f"http_carrier.secret_file={path}")
        self.assertEqual(statuses(service), (200, 401))
        write(new, old)
        self.assertEqual(statuses(service), (200, 401), "not yet")
        self.assertEqual(self.hang_up(service), "reloaded")
        self.assertEqual(statuses(service), (200, 200))
        write(new)
        self.assertEqual(self.hang_up(service), "reloaded")
        self.assertEqual(statuses(service), (401, 200))
        for bad in ("", "hunter2\n", "whsec_AAAA\n" * 3):
            with open(path, "w") as f:
                f.write(bad)
            self.assertEqual(self.hang_up(service), "reload_failed")
            self.assertEqual(statuses(service), (401, 200), "the old one stays")

    def receipt(self, service, key):
        """Posts a receipt that is signed with `key`; returns the status."""
        body = json.dumps({"message_id": "m", "status": "delivered"})
        now = str(int(time.time()))
        signed = hmac.new(key, f"r1.{now}.{body}".encode(), hashlib.sha256).digest()
        headers = {
            "webhook-id": "r1",
            "webhook-timestamp": now,
            "webhook-signature": "v1," + base64.b64encode(signed).decode(),
        }
        return request(service.port, "POST", "/v1/receipts/http", body, headers)[0]

    def test_a_lost_key_file_does_not_open_the_door(self):
        os.makedirs(self.data)
        live = self.add_key("shop")
        service = self.start()
        os.remove(os.path.join(self.data, "keys.toml"))
        self.assertEqual(self.hang_up(service), "reload_failed")
        self.assertEqual(self.post(service, "o1"), 401)
        self.assertEqual(self.post(service, "o1", live), 202)

    def test_a_broken_file_is_logged_and_keys_are_taken_all_the_same(self):
        path = os.path.join(self.folder, "postrider.toml")
        with open(path, "w") as f:
            f.write('[shop]\nname = "Shop"\n')
        service = self.start(arguments=("--config", path))
        self.add_key("shop")
        with open(path, "w") as f:
            f.write("[shop]\nnmae = 5\n")
        self.assertEqual(self.hang_up(service), "reload_failed")
        reasons = " ".join(r["reason"] for r in self.lines(service, "reload_problem"))
        self.assertIn("nmae", reasons)
        self.assertIn("2", reasons)
        self.assertEqual(self.post(service, "o1"), 401, "the key counts")

    def test_a_changed_setting_is_named_and_waits_for_the_next_start(self):
        path = os.path.join(self.folder, "postrider.toml")
        with open(path, "w") as f:
            f.write('[shop]\nname = "Shop"\n')
        service = self.start(arguments=("--config", path))
        with open(path, "w") as f:
            f.write('[shop]\nname = "Other"\n')
        self.assertEqual(self.hang_up(service), "reloaded")
        named = [r["reason"] for r in self.lines(service, "restart_needed")]
        self.assertEqual(named, ["shop.name"])

    def test_a_changed_price_list_or_text_is_named_too(self):
        path = os.path.join(self.folder, "postrider.toml")
        with open(path, "w") as f:
            f.write('sms.prices = "prices.toml"\nshop.templates = "texts.toml"\n')
        prices = os.path.join(self.folder, "prices.toml")
        row = 'date = "2026-11-01"\nsource = "s"\n[[price]]\ncountry = "DE"\nper_part = '
        with open(prices, "w") as f:
            f.write(row + "0.07\n")
        with open(os.path.join(self.folder, "texts.toml"), "w") as f:
            f.write('[de.shipped]\nsms = "x"\n')
        service = self.start(arguments=("--config", path))
        self.assertEqual(self.hang_up(service), "reloaded")
        self.assertEqual(self.lines(service, "restart_needed"), [])
        with open(prices, "w") as f:
            f.write(row + "0.09\n")
        self.assertEqual(self.hang_up(service), "reloaded")
        named = [r["reason"] for r in self.lines(service, "restart_needed")]
        self.assertEqual(named, ["sms.prices"])


if __name__ == "__main__":
    unittest.main()
