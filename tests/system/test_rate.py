"""The limit of SMS parts a second holds where it is counted: at the carrier, also after it stood
still and what was claimed meanwhile goes on."""

import os
import signal
import time
import unittest

from postrider import Program, ServiceCase, event, ndjson, wait_until

LIMIT = 20
MESSAGES = 120


class Rate(ServiceCase):

    def times(self):
        """The times at which the messages came to the carrier, in milliseconds."""
        with open(self.ledger, encoding="ascii") as f:
            return sorted(int(line.split()[0]) for line in f)

    def test_no_second_has_more_than_the_limit_after_the_carrier_stood_still(self):
        self.ledger = os.path.join(self.folder, "ledger.txt")
        carrier = Program(
            ["simulator", "--listen", "127.0.0.1:0", "--ledger", self.ledger],
            os.path.join(self.folder, "carrier.log"),
        )
        self.programs.append(carrier)
        carrier.wait_for_port()
        service = self.start(
            "sms.carrier=http",
            f"http_carrier.url=http://127.0.0.1:{carrier.port}/v1/messages",
            "http_carrier.connections=1",
            f"sms.parts_per_second={LIMIT}",
        )
        contact = {"phone": "+4915112345678"}
        orders = [event(f"o{i}", f"step_{i}", contact=contact) for i in range(MESSAGES)]
        self.assertEqual(len(ndjson(service.port, "/v1/order-events", orders)), MESSAGES)
        for pause in (1.6, 2.3):
            time.sleep(0.7)
            carrier.process.send_signal(signal.SIGSTOP)
            time.sleep(pause)
            carrier.process.send_signal(signal.SIGCONT)
        wait_until(lambda: len(self.times()) == MESSAGES, 30, 0.1, "all to be sent")
        times = self.times()
        # The one request that was on its way is counted when the carrier goes on, not when it left.
        for first, over in zip(times, times[LIMIT + 1 :]):
            # A busy machine notes some messages late, so a tenth of a second is allowed for.
            self.assertGreaterEqual(over - first, 900, "more than the limit within a second")


if __name__ == "__main__":
    unittest.main()
