"""A shop's day in which the functions make every call that they ever make, asserted at each step:
it fails with one permission less."""

import contextlib

from lambda_function import FunctionError
from stack import delivery_log, log_event, order, phone

ACCEPTED = "Message has been accepted by phone carrier"


def unreadable(number):
    """A record that no function reads, for the last time that it comes."""
    return {"Records": [{"messageId": f"unreadable-{number}", "body": "x",
                         "attributes": {"ApproximateReceiveCount": "10"},
                         "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:r:a:queue"}]}


def mail_event(message_id, address):
    """SES's event of a bounce, as EventBridge hands it over."""
    return {"version": "0", "id": "e", "detail-type": "Email Bounced", "source": "aws.ses",
            "account": "123456789012", "time": "2026-11-26T00:00:00Z", "region": "us-east-1",
            "resources": [], "detail": {
                "eventType": "Bounce",
                "bounce": {"bounceType": "Permanent", "bounceSubType": "General",
                           "bouncedRecipients": [{"emailAddress": address}],
                           "timestamp": "2026-11-26T00:00:00.000Z"},
                "mail": {"timestamp": "2026-11-26T00:00:00.000Z", "messageId": message_id}}}


def sns_error(status, code):
    return status, "text/xml", (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
                                "<Message>m</Message></Error></ErrorResponse>")


class Day:
    """`stack`: a Deployment where a customer gets two messages an hour."""

    def __init__(self, stack):
        self.stack = stack

    def live(self, parts=None):
        for part in parts or ("orders_come_in", "sms_go_out", "receipts_come",
                              "the_line_is_held_and_works_again", "what_failed_goes_by_mail",
                              "a_mail_bounces", "the_sweeper_makes_up"):
            getattr(self, part)()

    def expect(self, what, got, wanted):
        assert got == wanted, f"{what}: {got}, not {wanted}"

    def states(self, **wanted):
        self.expect("states", self.stack.states(), wanted)

    def guard(self, prefix):
        """How many items of a kind the guard table holds."""
        return len(self.items(prefix))

    def items(self, prefix):
        return self.stack.dynamodb.scan(
            TableName=self.stack.guard, FilterExpression="begins_with(pk, :p)",
            ExpressionAttributeValues={":p": {"S": prefix}})["Items"]

    def queued(self, url):
        """Messages that wait, and that wait for a time."""
        found = self.stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[
            "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"])["Attributes"]
        return tuple(int(found[name]) for name in ("ApproximateNumberOfMessages",
                                                   "ApproximateNumberOfMessagesDelayed"))

    def take(self, *orders):
        self.stack.put_orders(orders)
        self.stack.drain(self.stack.orders, "order-processor")

    def refuses(self, function):
        """What can't be read is kept, for whoever looks after it."""
        before = self.guard("unreadable#")
        answer = self.stack.function(function).invoke(unreadable(before))
        self.expect("failed", len(answer["batchItemFailures"]), 1)
        self.expect("kept", self.guard("unreadable#"), before + 1)

    def orders_come_in(self):
        stack = self.stack
        self.take(*(order(i) for i in range(3)), order(5, "cancelled"),
                  *(order(20 + i, contact=order(20)["contact"]) for i in range(3)),
                  *(order(i, contact={"email": f"c{i}@example.com"}) for i in (30, 31, 32)))
        self.states(accepted=6, deferred=1, email_due=3)
        self.expect("SMS", self.queued(stack.sms), (5, 0))
        self.expect("urgent SMS", self.queued(stack.sms_high), (1, 0))
        self.expect("mails", self.queued(stack.email), (3, 0))
        self.refuses("order-processor")

    def sms_go_out(self):
        stack = self.stack
        tracker = stack.function("delivery-tracker")
        assert stack.function("sms-sender")
        # One receipt comes before its sender has heard of the message, one is of no message.
        def receipts(message_id):
            with contextlib.suppress(FunctionError):  # the states tell
                tracker.invoke(log_event([
                    delivery_log(message_id, ACCEPTED),
                    delivery_log("11111111-1111-4111-8111-111111111111", ACCEPTED)]))

        stack.proxies["sms-sender"].before_answer = phone(0), receipts
        stack.drain(stack.sms, "sms-sender")
        stack.drain(stack.sms_high, "sms-sender")
        self.states(sms_sent=5, delivered=1, deferred=1, email_due=3)
        self.expect("sent", len(stack.sent_sms()), 6)
        budget, = self.items("budget#")
        self.expect("reserved", [name for name in budget if name.startswith("open_")], [])
        self.refuses("sms-sender")

    def receipts_come(self):
        stack = self.stack
        self.take(order(6, contact={"phone": phone(2), "email": "c6@example.com"}))
        sent = {s["phone_number"]: s["message_id"] for s in stack.sent_sms()}
        stack.function("delivery-tracker").invoke(log_event([
            delivery_log(sent[phone(1)], "Phone has blocked SMS", "FAILURE"),
            delivery_log(sent[phone(2)], "Phone number is opted out", "FAILURE"),
            delivery_log(sent[phone(20)], "No quota left for account", "FAILURE"),
            delivery_log("22222222-2222-4222-8222-222222222222", ACCEPTED)]))
        self.states(accepted=1, sms_sent=2, delivered=1, deferred=1, email_due=6)
        self.expect("opt-outs", self.guard("optout#"), 1)
        self.expect("receipts kept", self.guard("inbox#"), 3)
        self.expect("line held", self.guard("line#"), 1)
        self.expect("mails", self.queued(stack.email), (6, 0))

    def expire_the_hold(self):
        line, = self.items("line#")
        self.stack.dynamodb.update_item(
            TableName=self.stack.guard, Key={"pk": line["pk"], "sk": line["sk"]},
            UpdateExpression="SET #u = :past", ExpressionAttributeNames={"#u": "until"},
            ExpressionAttributeValues={":past": {"N": "1000000000000"}})

    def the_line_is_held_and_works_again(self):
        stack = self.stack
        self.expire_the_hold()
        stack.drain(stack.sms, "sms-sender")  # to who has opted out meanwhile
        self.expect("mails", self.queued(stack.email), (7, 0))
        self.take(order(7))  # the probe: no byte went out for the other
        stack.drain(stack.sms, "sms-sender")
        self.expect("sent", len(stack.sent_sms()), 7)
        self.expect("line held", self.guard("line#"), 1)
        probe = stack.sent_sms()[-1]["message_id"]
        stack.function("delivery-tracker").invoke(log_event([delivery_log(probe, ACCEPTED)]))
        self.take(order(10))
        stack.drain(stack.sms, "sms-sender")
        self.expect("line held", self.guard("line#"), 0)
        refusals = stack.proxies["sms-sender"].refusals
        refusals[phone(8)] = sns_error(403, "AuthorizationError")
        self.take(order(8))
        stack.drain(stack.sms, "sms-sender")
        self.expect("line held", self.guard("line#"), 1)
        self.expire_the_hold()
        stack.functions.pop("sms-sender").__exit__()  # the process itself waits longer
        refusals[phone(9)] = sns_error(400, "Throttled")
        self.take(order(9, "cancelled"))
        stack.drain(stack.sms_high, "sms-sender")
        # Whether their time has come depends on how slow the machine is.
        self.expect("put off", (sum(self.queued(stack.sms)), sum(self.queued(stack.sms_high))),
                    (1, 1))

    def what_failed_goes_by_mail(self):
        stack = self.stack
        waiting = self.queued(stack.email)[0]
        mailer = stack.function("email-fallback") and stack.proxies["email-fallback"]
        mailer.refusals["c30@example.com"] = (429, "application/json", '{"message": "m"}')
        stack.poll(stack.email, "email-fallback")
        self.expect("mails", len(stack.sent_mail()), waiting - 1)
        self.expect("emailed", stack.states().get("emailed"), waiting - 1)
        self.take(order(33, contact={"email": "c33@example.com"}))
        stack.drain(stack.email, "email-fallback")
        # The refused one comes again, and so does the other while the breaker blocks.
        self.expect("later", sum(self.queued(stack.email)) > 0, True)
        self.refuses("email-fallback")
        # Another account has verified the domain, not the address.
        stack.functions.pop("email-fallback").__exit__()  # the process itself waits longer
        mailer.identity = "domain"
        self.take(order(34, contact={"email": "c34@example.com"}))
        stack.drain(stack.email, "email-fallback")
        self.expect("mailed", "c34@example.com" in stack.sent_mail(), True)

    def a_mail_bounces(self):
        stack = self.stack
        request, message_id = stack.proxies["email-fallback"].mailed[0]
        address = request["Destination"]["ToAddresses"][0]
        stack.function("delivery-tracker").invoke(mail_event(message_id, address))
        self.expect("blocked", self.guard("blocked#"), 1)

    def the_sweeper_makes_up(self):
        stack = self.stack
        self.take(order(40), order(41, "cancelled"), order(42, contact={"email": "a@example.com"}))
        queues = stack.sms, stack.sms_high, stack.email
        for url in queues:  # they are lost
            stack.sqs.purge_queue(QueueUrl=url)
        opt_outs, silent = self.guard("optout#"), stack.states()["sms_sent"]
        stack.make_due()
        answer = stack.function("sweeper").invoke({})
        self.expect("overdue", answer["overdue"], silent)
        self.expect("woken", answer["woken"] > 0, True)
        self.expect("requeued", answer["requeued"] > 0, True)
        for url in queues:
            self.expect("queued", self.queued(url)[0] > 0, True)
        self.expect("opt-outs", self.guard("optout#"), opt_outs + 8)


# What each function's own calls need of a day.
PARTS = {"order-processor": ("orders_come_in",),
         "sms-sender": ("orders_come_in", "sms_go_out", "receipts_come",
                        "the_line_is_held_and_works_again"),
         "delivery-tracker": ("orders_come_in", "sms_go_out", "receipts_come"),
         "email-fallback": ("orders_come_in", "what_failed_goes_by_mail"),
         "sweeper": ("orders_come_in", "sms_go_out", "the_sweeper_makes_up")}


def failure(stack, function):
    """What goes wrong in the part of the day that this function has; None: nothing."""
    try:
        Day(stack).live(PARTS[function])
    except (AssertionError, FunctionError, LookupError, ValueError) as error:
        return error
    return None
