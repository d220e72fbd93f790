"""A whole stack on moto: tables, queues, functions, and what AWS does between them."""

import base64
import gzip
import json
import os
import pathlib
import random
import subprocess
import urllib.request

from lambda_function import LambdaFunction
from moto_server import MotoServer, clean_environment

FUNCTIONS = {"order-processor": "postrider-lambda-orders", "sms-sender": "postrider-lambda",
             "delivery-tracker": "postrider-lambda", "email-fallback": "postrider-lambda",
             "sweeper": "postrider-lambda"}
TABLES = ("NOTIFICATION_LOGS_TABLE", "CUSTOMER_PREFERENCES_TABLE", "DELIVERY_STATUS_TABLE",
          "GUARD_TABLE")


def table_requests(*names):
    """The CreateTable requests for these names of log, preferences, status and guard."""
    lines = subprocess.run([os.environ["PRINT_TABLES"], *names], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


class Stack:
    """`settings` are variables of the functions' environment."""

    def __init__(self, **settings):
        self.aws = MotoServer()
        self.settings = settings
        self.functions = {}
        self.random = random.Random(1)
        self.log = "log"  # the table's name
        self.shop = None  # the folder of the shop's files
        self.batch = 10   # what an event source mapping hands over at most

    def __enter__(self):
        self.aws.__enter__()
        self.sqs, self.dynamodb = self.aws.client("sqs"), self.aws.client("dynamodb")
        names = ["log", "preferences", "status", "guard"]
        for table in table_requests(*names):
            self.dynamodb.create_table(**table)
        self.dead = self.make_queue("dead")
        self.orders = self.make_queue("orders", self.dead)
        self.sms = self.make_queue("sms", self.dead)
        self.sms_high = self.make_queue("sms-high", self.dead)
        self.email = self.make_queue("email", self.dead)
        self.aws.client("ses").verify_email_identity(EmailAddress="orders@example.com")
        self.environment = clean_environment() | self.aws.environment | dict(zip(TABLES, names)) | {
            "NOTIFICATION_QUEUE_URL": self.sms, "HIGH_PRIORITY_QUEUE_URL": self.sms_high,
            "EMAIL_QUEUE_URL": self.email, "DEAD_LETTER_QUEUE_URL": self.dead,
            "FROM_EMAIL": "Shop <orders@example.com>", "SHOP_NAME": "Shop", "SHOP_REGION": "US",
            "SMS_PARTS_PER_SECOND": "0"} | self.settings
        return self

    def deploy_outputs(self, **variables):
        """A deployment as the command line sees it: its outputs, the shop's files, and, where
        it has variables, the function that takes orders. Returns the name of the stack."""
        outputs = {"NotificationLogsTable": "log", "CustomerPreferencesTable": "preferences",
                   "DeliveryStatusTable": "status", "GuardTable": "guard",
                   "NotificationQueueUrl": self.sms, "HighPriorityQueueUrl": self.sms_high,
                   "EmailQueueUrl": self.email}
        metadata = {} if self.shop is None else {"Metadata": {"PostriderSettings": {
            file.name: file.read_text() for file in self.shop.glob("*.toml")}}}
        resources = {"Topic": {"Type": "AWS::SNS::Topic"}}
        if variables:  # not always: moto's list of what was sent can't be had beside a function
            resources["Role"] = {"Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}
            resources["Orders"] = {"Type": "AWS::Lambda::Function", "Properties": {
                "Handler": "order-processor", "Runtime": "provided.al2023",
                "FunctionName": "orders", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": "nothing"},
                "Environment": {"Variables": variables | {"GUARD_TABLE": {"Ref": "Topic"}}}}}
        template = metadata | {"Resources": resources,
                               "Outputs": {name: {"Value": v} for name, v in outputs.items()}}
        self.aws.client("cloudformation").create_stack(
            StackName="SMSNotificationStack-dev", TemplateBody=json.dumps(template))
        return "SMSNotificationStack-dev"

    def take_shop(self, folder):
        """From now on functions read the shop's files from this folder, as from their layer."""
        self.shop = pathlib.Path(folder)
        self.environment["POSTRIDER_CONFIG"] = str(self.shop / "postrider.toml")

    def through(self, proxy):
        """From now on functions reach DynamoDB by way of this proxy."""
        self.environment["AWS_ENDPOINT_URL_DYNAMODB"] = proxy.url

    def __exit__(self, *_):
        for function in self.functions.values():
            function.__exit__()
        self.aws.__exit__()

    def make_queue(self, name, dead=None, receives=3):
        attributes = {"VisibilityTimeout": "0"}
        if dead:
            attributes["RedrivePolicy"] = json.dumps(
                {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead",
                 "maxReceiveCount": receives})
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def put_orders(self, events):
        for event in events:
            self.sqs.send_message(QueueUrl=self.orders, MessageBody=json.dumps(event))

    def command(self, name):
        """What starts the function of this name."""
        return [os.path.join(os.environ["FUNCTIONS"], FUNCTIONS[name])]

    def environment_of(self, _name):
        """The environment of the function of this name."""
        return self.environment

    def function(self, name):
        """The running function of this name; started when it is first needed."""
        if name not in self.functions:
            function = LambdaFunction(self.command(name), name, self.environment_of(name))
            self.functions[name] = function.__enter__()
        return self.functions[name]

    def poll(self, url, name, twice=False):
        """Stands in for an event source mapping: one batch from the queue to the function, and what
        it does not name as failed is deleted. Returns how many were there. With `twice` the batch
        comes once more, in another order, as SQS may."""
        received = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=self.batch, WaitTimeSeconds=0,
            AttributeNames=["All"]).get("Messages", [])
        if not received:
            return 0
        records = [{"messageId": m["MessageId"], "receiptHandle": m["ReceiptHandle"],
                    "body": m["Body"], "attributes": m["Attributes"], "messageAttributes": {},
                    "eventSource": "aws:sqs", "awsRegion": "us-east-1",
                    "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:" + url.split("/")[-1]}
                   for m in received]
        answer = self.function(name).invoke({"Records": records})
        if twice:
            self.random.shuffle(records)
            answer = self.function(name).invoke({"Records": records})
        failed = {f["itemIdentifier"] for f in answer["batchItemFailures"]}
        for message in received:
            handle = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
            if message["MessageId"] in failed:  # as if its time of invisibility had passed
                self.sqs.change_message_visibility(VisibilityTimeout=0, **handle)
            else:
                self.sqs.delete_message(**handle)
        return len(received)

    def receive_all(self, url):
        """The records that SQS would hand over; they are out of the queue then."""
        records = []
        while batch := self.sqs.receive_message(QueueUrl=url,
                                                MaxNumberOfMessages=10).get("Messages"):
            for m in batch:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
                records.append({"messageId": m["MessageId"], "body": m["Body"], "attributes": {},
                                "eventSource": "aws:sqs"})
        return records

    def drain(self, url, name, twice=False):
        while self.poll(url, name, twice):
            pass

    def waiting(self, url):
        attributes = self.sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"])

    def moto_data(self):
        with urllib.request.urlopen(self.aws.url + "/moto-api/data.json", timeout=30) as answer:
            return json.load(answer)

    def sent_sms(self):
        """What reached SNS: phone_number, message, message_id."""
        return self.moto_data()["sns"].get("SMS", [])

    def sent_mail(self):
        """Addresses of what reached SES."""
        rows = self.moto_data()["ses"].get("Message", [])
        return [row["destinations"]["ToAddresses"][0] for row in rows]

    def make_due(self):
        """As if so much time had passed that the sweeper has to look at everything under way."""
        for item in self.notifications():
            if "due_key" in item:
                self.dynamodb.update_item(
                    TableName=self.log, Key={"notification_id": item["notification_id"]},
                    UpdateExpression="SET due_key = :past, due_at = :at",
                    ExpressionAttributeValues={":past": {"S": "1000000000000.0000000000000001"},
                                               ":at": {"N": "1000000000000"}})

    def notifications(self):
        """All items of the log."""
        items, page = [], self.dynamodb.scan(TableName=self.log, ConsistentRead=True)
        while True:
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return items
            page = self.dynamodb.scan(TableName=self.log, ConsistentRead=True,
                                      ExclusiveStartKey=page["LastEvaluatedKey"])

    def states(self):
        counts = {}
        for item in self.notifications():
            state = item["state"]["S"]
            counts[state] = counts.get(state, 0) + 1
        return counts


def phone(number):
    return f"+1425555{1000 + number}"


def order(number, status="confirmed", **more):
    event = {"order_id": f"o{number}", "customer_id": f"c{number}", "status": status,
             "tracking_url": f"https://shop.example/t/{number}",
             "contact": {"phone": phone(number), "email": f"c{number}@example.com"}}
    return event | more


def delivery_log(message_id, response, status="SUCCESS", price=0.00645):
    """A line of SNS's delivery log."""
    return json.dumps({
        "notification": {"messageId": message_id, "timestamp": "2026-11-26 00:40:34.558"},
        "delivery": {"phoneCarrier": "My Phone Carrier", "mnc": 270, "numberOfMessageParts": 1,
                     "destination": "+1XXX5550100", "priceInUSD": price,
                     "smsType": "Transactional", "mcc": 310, "providerResponse": response,
                     "dwellTimeMs": 599, "dwellTimeMsUntilDeviceAck": 1344},
        "status": status})


def log_event(lines):
    """What a CloudWatch Logs subscription hands to a function."""
    logs = {"messageType": "DATA_MESSAGE", "owner": "123456789012",
            "logGroup": "sns/us-east-1/123456789012/DirectPublishToPhoneNumber",
            "logStream": "s", "subscriptionFilters": ["f"],
            "logEvents": [{"id": str(i), "timestamp": 1440442987000, "message": line}
                          for i, line in enumerate(lines)]}
    data = base64.b64encode(gzip.compress(json.dumps(logs).encode()))
    return {"awslogs": {"data": data.decode()}}
