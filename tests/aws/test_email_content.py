"""The content of the fallback e-mail when it reaches SES."""

import unittest

from ses_local import SesLocal
from stack import Stack, order


class EmailContent(unittest.TestCase):
    def setUp(self):
        self.ses = SesLocal()
        self.addCleanup(self.ses.__exit__)
        self.ses.__enter__()

    def mail_of(self, event, **settings):
        """The one mail that an order without a usable number leads to."""
        stack = Stack(**settings)
        self.addCleanup(stack.__exit__)
        stack.__enter__()
        stack.environment["AWS_ENDPOINT_URL_SESV2"] = self.ses.url
        answer = stack.function("order-processor").invoke(event)
        self.assertEqual(answer["statusCode"], 200, answer)
        stack.drain(stack.email, "email-fallback", twice=True)
        self.assertEqual(stack.states(), {"emailed": 1})
        mails = self.ses.mails()
        self.assertEqual(len(mails), 1)
        return mails[0]

    def test_both_bodies_and_the_way_out(self):
        event = order(1, "shipped", contact={"email": "ann@example.com"})
        mail = self.mail_of(event, UNSUBSCRIBE_URL="https://shop.example/unsubscribe",
                            SHOP_NAME="Bücher & Co")
        self.assertEqual(mail["from"], "Shop <orders@example.com>")
        self.assertEqual(mail["destination"]["to"], ["ann@example.com"])
        self.assertIn("o1", mail["subject"])
        self.assertIn("https://shop.example/t/1", mail["body"]["text"])
        self.assertIn("Bücher & Co", mail["body"]["text"])
        self.assertIn("Bücher &amp; Co", mail["body"]["html"], "escaped")
        self.assertIn('href="https://shop.example/t/1"', mail["body"]["html"])
        headers = {h["name"]: h["value"] for h in mail["headers"]}
        self.assertTrue(headers["List-Unsubscribe"].startswith(
            "<https://shop.example/unsubscribe"), headers)
        self.assertEqual(headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")

    def test_another_language(self):
        mail = self.mail_of(order(1, "delivered", locale="ar", contact={"email": "a@example.com"}))
        self.assertRegex(mail["subject"], "[\u0600-\u06ff]")
        self.assertIn('dir="rtl"', mail["body"]["html"])
        self.assertEqual([h for h in mail["headers"] if "Unsubscribe" in h["name"]], [])


if __name__ == "__main__":
    unittest.main()
