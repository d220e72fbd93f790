"""Hostile requests to the real binary: each is refused with a reason, nothing is stored, and the
service goes on in the memory that it had."""

import unittest

from postrider import ServiceCase, event, ndjson, request

DEPTH = 10_000
DEEP = {
    "arrays": "[" * DEPTH + "]" * DEPTH,
    "objects": '{"a":' * DEPTH + "1" + "}" * DEPTH,
    "arrays that never close": "[" * DEPTH,
    "objects that never close": '{"a":' * DEPTH,
}
SINGLE = [
    ("POST", "/v1/order-events"),
    ("PUT", "/v1/customers/c1"),
    ("POST", "/v1/opt-outs"),
    ("POST", "/v1/receipts/http"),
]


class HostileInput(ServiceCase):

    def memory(self, service):
        """Resident KiB of the service."""
        with open(f"/proc/{service.process.pid}/status", encoding="ascii") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS:"))

    def assert_untouched(self, service):
        self.assertEqual(request(service.port, "GET", "/healthz")[0], 200)
        self.assertEqual(request(service.port, "GET", "/v1/notifications")[1]["notifications"], [])
        self.assertEqual(request(service.port, "GET", "/v1/opt-outs")[1]["opt_outs"], [])
        self.assertEqual(request(service.port, "GET", "/v1/customers/c1")[0], 404)

    def refused(self, service, method, path, body, statuses=(400, 422), codes=None):
        status, problem = request(service.port, method, path, body)
        self.assertIn(status, statuses, (method, path, problem))
        self.assertTrue(problem["code"] and problem["hint"], problem)
        if codes:
            self.assertIn(problem["code"], codes)

    def test_documents_ten_thousand_levels_deep(self):
        service = self.start()
        before = self.memory(service)
        for name, text in DEEP.items():
            for method, path in SINGLE:
                with self.subTest(name, path=path):
                    codes = ("too_deep", "invalid_json", "wrong_type")
                    self.refused(service, method, path, text, codes=codes)
            for path in ("/v1/order-events", "/v1/customers"):
                with self.subTest(name, path=path):
                    answers = ndjson(service.port, path, [text, text])
                    self.assertEqual([a["line"] for a in answers], [1, 2])
                    for answer in answers:
                        self.assertIn(answer["error"]["code"], ("too_deep", "invalid_json"))
        self.assert_untouched(service)
        self.assertLess(self.memory(service) - before, 50 * 1024)

    def test_a_key_that_is_given_twice(self):
        service = self.start()
        order = '{"order_id":"a","order_id":"b","customer_id":"c","status":"shipped"}'
        for method, path, text in (
            ("POST", "/v1/order-events", order),
            ("PUT", "/v1/customers/c1", '{"email":"a@shop.example","email":"b@shop.example"}'),
            ("POST", "/v1/opt-outs", '{"phone":"+14254147755","phone":"+14254147167"}'),
        ):
            with self.subTest(path=path):
                self.refused(service, method, path, text, codes=("duplicate_key",))
        self.assert_untouched(service)

    def test_what_is_no_utf_8(self):
        service = self.start()
        for method, path, text in (
            ("POST", "/v1/order-events", b'{"order_id":"\xff","customer_id":"c","status":"s"}'),
            ("PUT", "/v1/customers/c1", b'{"locale":"\xc3\x28"}'),
            ("POST", "/v1/opt-outs", b'{"phone":"\xed\xa0\x80"}'),
            ("POST", "/v1/receipts/http", b'{"message_id":"\xff","status":"sent"}'),
        ):
            with self.subTest(path=path):
                self.refused(service, method, path, text)
        self.assert_untouched(service)

    def test_a_body_of_a_mebibyte(self):
        service = self.start()
        big = '{"order_id":"' + "x" * (1 << 20) + '"}'
        for method, path in SINGLE:
            with self.subTest(path=path):
                self.refused(service, method, path, big, statuses=(413,), codes=("too_large",))
        self.assert_untouched(service)

    def test_a_wrong_content_type(self):
        service = self.start()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for method, path, body in (
            ("POST", "/v1/order-events", event("o1")),
            ("PUT", "/v1/customers/c1", {"email": "a@shop.example"}),
            ("POST", "/v1/opt-outs", {"phone": "+14254147755"}),
            ("POST", "/v1/customers", {"id": "c1"}),
        ):
            with self.subTest(path=path):
                status, problem = request(service.port, method, path, body, form)
                self.assertEqual((status, problem["code"]), (415, "unsupported_media_type"))
        self.assert_untouched(service)


if __name__ == "__main__":
    unittest.main()
