"""kill -9 while a slow carrier has messages under way: what becomes unknown is at most what was on
its connections, whatever waits behind, and nothing comes to the carrier twice."""

import os
import unittest
from collections import Counter

from postrider import Program, ServiceCase, event, ndjson, request, wait_until

CONNECTIONS = 4
MESSAGES = 300
KILLS = 3


class ClaimsAtOnce(ServiceCase):

    def submissions(self):
        """The number of times that each message came to the carrier."""
        with open(self.ledger, encoding="ascii") as f:
            return Counter(line.split()[1] for line in f)

    def in_state(self, service, state):
        path = f"/v1/notifications?state={state}&limit=500"
        return request(service.port, "GET", path)[1]["notifications"]

    def restart(self, carrier):
        return self.start(
            "sms.carrier=http",
            f"http_carrier.url=http://127.0.0.1:{carrier.port}/v1/messages",
            f"http_carrier.connections={CONNECTIONS}",
            "sms.workers=3",
            "sms.receipt_wait=1h",
        )

    def test_a_kill_leaves_no_more_unknown_than_connections(self):
        self.ledger = os.path.join(self.folder, "ledger.txt")
        carrier = Program(
            ["simulator", "--listen", "127.0.0.1:0", "--ledger", self.ledger, "--latency-ms", "60"],
            os.path.join(self.folder, "carrier.log"),
        )
        self.programs.append(carrier)
        carrier.wait_for_port()
        service = self.restart(carrier)
        orders = [
            event(f"o{i}", customer=f"c{i}", contact={"phone": f"+49151123{i:05d}"})
            for i in range(MESSAGES)
        ]
        self.assertEqual(len(ndjson(service.port, "/v1/order-events", orders)), MESSAGES)
        unknown = 0
        for _ in range(KILLS):
            before = len(self.submissions())
            wait_until(lambda: len(self.submissions()) >= before + 20, 20, 0.005, "20 more")
            service.kill()
            service = self.restart(carrier)
            now = len(self.in_state(service, "unknown"))
            self.assertLessEqual(now - unknown, CONNECTIONS, "claimed beyond the connections")
            unknown = now
        self.assertGreater(unknown, 0, "each kill met messages under way")
        wait_until(
            lambda: not self.in_state(service, "accepted")
            and not self.in_state(service, "sending_sms"),
            60,
            0.2,
            "all to be sent",
        )
        self.assertEqual(len(self.in_state(service, "unknown")), unknown)
        submissions = self.submissions()
        self.assertEqual([k for k, n in submissions.items() if n > 1], [], "sent twice")
        self.assertGreaterEqual(len(submissions), MESSAGES - unknown)
        self.run_command("verify", "--data", self.data)
        print(f"{KILLS} kills with {CONNECTIONS} connections: {unknown} of {MESSAGES} unknown")


if __name__ == "__main__":
    unittest.main()
