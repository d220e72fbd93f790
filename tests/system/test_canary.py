"""No number, address, name or text leaves through logs, metrics or errors: marked values go through
the whole program, then everything it wrote is read."""

import os
import unittest

from postrider import ServiceCase, event, request

PHONE = "+14254147167"  # fails, so that both channels speak
EMAIL = "canary.person@canary-mail.example"
NAME = "Kanarienvogel"
MARKS = ["4254147167", "canary.person", "canary-mail", NAME, "canary-secret"]


class Canary(ServiceCase):

    def test_no_personal_value_is_in_any_output(self):
        service = self.start("log.level=debug")
        said = []

        def call(method, path, body=None, headers=None):
            said.append(str(request(service.port, method, path, body, headers)))

        self.customer(service, phone=PHONE, email=EMAIL)
        answer = self.send(service, event("o1", data={"name": NAME}))
        self.end_state(service, answer["notification_id"], "emailed")
        broken = event(
            "o2", data={"name": NAME}, contact={"phone": PHONE, "email": EMAIL + " " + NAME}
        )
        call("POST", "/v1/order-events", broken)
        call("POST", "/v1/order-events", '{"order_id": "' + NAME + '", "x')
        call("POST", "/v1/order-events", {**event("o3"), EMAIL: NAME})
        call("POST", "/v1/order-events", {**event("o3"), NAME: EMAIL})
        call("POST", "/v1/order-events", event("o4", NAME))
        call("PUT", "/v1/customers/c9", {"phone": PHONE, "email": NAME})
        call("POST", "/v1/opt-outs", {"phone": EMAIL})
        call(
            "POST",
            "/v1/receipts/http",
            '{"message_id": "x", "status": "' + NAME + '", "detail": "' + EMAIL + '"}',
        )
        call("GET", f"/v1/customers/{NAME}")
        call("GET", f"/v1/notifications?order_id={NAME}&cursor={EMAIL}")
        call("GET", "/metrics")
        call("GET", f"/v1/{NAME}?to={EMAIL}")
        call("GET", f"/v1/{NAME}?to={EMAIL}", headers={"Authorization": "Bearer canary-secret"})
        self.assertEqual(service.stop(), 0)

        outputs = {f"answer {i}": text for i, text in enumerate(said)}
        for folder, _, files in os.walk(self.folder):
            for name in files:
                if name.endswith(".log"):
                    outputs[name] = open(os.path.join(folder, name), errors="replace").read()
        self.assertIn("service-0.log", outputs)
        self.assertIn('"event"', outputs["service-0.log"], "the log was written")
        for where, text in outputs.items():
            for mark in MARKS:
                self.assertNotIn(mark, text, f"{mark} leaked in {where}")


if __name__ == "__main__":
    unittest.main()
