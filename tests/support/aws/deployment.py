"""The synthesised stack on moto: what CloudFormation makes of the template there, what it does not
know made by hand, and functions that run with the environment and the role that they got."""

import ast
import copy
import io
import json
import pathlib
import tempfile
import zipfile

from iam import many
from hand_made import make_by_hand
from moto.cloudformation.parsing import NULL_MODELS, get_model_map
from moto_server import MotoServer, clean_environment
from role_proxy import RoleProxy
from stack import FUNCTIONS, Stack
from template import of_type, synthesis, synthesised

# moto's CloudFormation (5.2) does not make these; hand_made.py does, through their own APIs.
UNKNOWN_TO_MOTO = {"CloudWatch::Alarm", "Lambda::EventInvokeConfig", "Logs::MetricFilter",
                   "Logs::SubscriptionFilter",
                   "SES::ConfigurationSet", "SES::ConfigurationSetEventDestination",
                   "SNS::TopicPolicy", "SQS::QueuePolicy"}
# … nor what refers to them.
LEFT_OUT = UNKNOWN_TO_MOTO | {"CloudWatch::Dashboard"}
# moto's SES has none of these at all: the tests hand over SES's events themselves.
NOWHERE_IN_MOTO = {"SES::ConfigurationSetEventDestination"}

# moto checks these literally; AWS's own rules are checked on the way (role_proxy.py).
WORDS_OF_MOTO = {"dynamodb:PutItem": "dynamodb:TransactWriteItems",
                 "dynamodb:UpdateItem": "dynamodb:TransactWriteItems",
                 "sqs:SendMessage": "sqs:SendMessageBatch"}


def known_to_moto():
    """The types of resources that moto's CloudFormation makes, "SQS::Queue"."""
    return {kind.removeprefix("AWS::") for kind in get_model_map()} | \
        {kind.removeprefix("AWS::") for kind in NULL_MODELS}


def zip_of(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return content.getvalue()


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Deployment(Stack):
    """The stack of an environment. Its functions read the files of its layer, where `opt` stands in
    for Lambda's folder /opt."""

    def __init__(self, environment):
        super().__init__()
        self.layer = synthesis(environment)[1]
        self.opt = tempfile.TemporaryDirectory()
        self.template = synthesised(environment)
        self.name = f"SMSNotificationStack-{environment}"
        self.proxies = {}
        self.less = {}  # by function: the statements that it has instead of its own

    def __enter__(self):
        self.mount_layer()
        self.aws = MotoServer(checked=False)  # moto refuses even good signatures of some services
        self.aws.__enter__()
        self.deploy()
        self.functions_of_lambda = {f["Handler"]: f for f in self.aws.client("lambda")
                                    .list_functions()["Functions"]}
        # moto would run them in Docker; poll() stands in.
        mappings = self.aws.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        for mapping in mappings:
            self.aws.client("lambda").update_event_source_mapping(UUID=mapping["UUID"],
                                                                  Enabled=False)
        self.by_hand = make_by_hand(self)
        self.aws.check_signatures()
        self.sqs, self.dynamodb = self.aws.client("sqs"), self.aws.client("dynamodb")
        self.aws.client("ses").verify_email_identity(EmailAddress="orders@example.com")
        self.orders, self.sms = self.outputs["OrderQueueUrl"], self.outputs["NotificationQueueUrl"]
        self.sms_high = self.outputs["HighPriorityQueueUrl"]
        self.email, self.dead = self.outputs["EmailQueueUrl"], self.outputs["DeadLetterQueueUrl"]
        self.log = self.outputs["NotificationLogsTable"]
        self.guard = self.outputs["GuardTable"]
        self.environment = clean_environment() | self.aws.environment
        self.policies, self.credentials = {}, {}
        for name in FUNCTIONS:
            self.take_role(name)
        return self

    def __exit__(self, *_):
        for proxy in self.proxies.values():
            proxy.__exit__()
        super().__exit__()
        self.opt.cleanup()

    def mount_layer(self):
        for path, text in self.layer.items():
            file = pathlib.Path(self.opt.name) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)

    def deploy(self):
        template = copy.deepcopy(self.template)
        for key in of_type(template, "KMS::Key").values():
            del key["Properties"]["Tags"]  # moto expects other names in a tag of KMS
        for kind in LEFT_OUT:
            for name in of_type(template, kind):
                del template["Resources"][name]
        bucket, s3 = "cdk-hnb659fds-assets-123456789012-us-east-1", self.aws.client("s3")
        s3.create_bucket(Bucket=bucket)
        for function in of_type(template, "Lambda::Function").values():
            s3.put_object(Bucket=bucket, Key=function["Properties"]["Code"]["S3Key"],
                          Body=zip_of({"bootstrap": ""}))
        for layer in of_type(template, "Lambda::LayerVersion").values():
            s3.put_object(Bucket=bucket, Key=layer["Properties"]["Content"]["S3Key"],
                          Body=zip_of(self.layer))
        s3.put_object(Bucket=bucket, Key="template", Body=json.dumps(template))
        self.aws.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="21",
                                             Type="String")
        formation = self.aws.client("cloudformation")
        formation.create_stack(StackName=self.name, Capabilities=["CAPABILITY_IAM"],
                               TemplateURL=f"https://{bucket}.s3.amazonaws.com/template")
        stack = formation.describe_stacks(StackName=self.name)["Stacks"][0]
        self.outputs = {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}
        made = formation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        self.ids = {r["LogicalResourceId"]: r["PhysicalResourceId"] for page in made
                    for r in page["StackResourceSummaries"]}
        self.left_out = {name for name in template["Resources"] if name not in self.ids}

    def forget(self):
        """As new: nothing in tables and queues, functions that have not begun."""
        for function in self.functions.values():
            function.__exit__()
        for proxy in self.proxies.values():
            proxy.__exit__()
        self.functions, self.proxies = {}, {}
        for url in (self.orders, self.sms, self.sms_high, self.email, self.dead):
            self.sqs.purge_queue(QueueUrl=url)
        for table in (self.log, self.guard, self.outputs["DeliveryStatusTable"],
                      self.outputs["CustomerPreferencesTable"]):
            description = self.dynamodb.describe_table(TableName=table)["Table"]
            keys = [k["AttributeName"] for k in description["KeySchema"]]
            for item in self.dynamodb.scan(TableName=table)["Items"]:
                self.dynamodb.delete_item(TableName=table, Key={k: item[k] for k in keys})

    def sent_sms(self):
        """As Stack's; moto's own list is not to be had where it has functions."""
        return [{"phone_number": request["PhoneNumber"], "message_id": message_id}
                for request, message_id in self.proxies["sms-sender"].published]

    def sent_mail(self):
        return [request["Destination"]["ToAddresses"][0]
                for request, _ in self.proxies["email-fallback"].mailed]

    def policies_of(self, name):
        """The role's name, and the statements of its policies, as CloudFormation made them."""
        role = self.functions_of_lambda[name]["Role"].rsplit("/", 1)[-1]
        iam = self.aws.client("iam")
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        documents = {n: iam.get_role_policy(RoleName=role, PolicyName=n)["PolicyDocument"]
                     for n in names}
        # What comes by CloudFormation, moto keeps as Python writes it.
        return role, {n: ast.literal_eval(d)["Statement"] for n, d in documents.items()}

    def environment_of(self, name):
        """As the template says; calls go with the function's role, by way of who checks it."""
        if name not in self.proxies:
            self.proxies[name] = RoleProxy(
                self.aws.port, self.less.get(name) or self.policies[name]["calls"]).__enter__()
        variables = self.functions_of_lambda[name]["Environment"]["Variables"]
        file = pathlib.PurePosixPath(variables["POSTRIDER_CONFIG"]).relative_to("/opt")
        return self.environment | variables | self.credentials[name] | {
            "AWS_ENDPOINT_URL": self.proxies[name].url,
            "POSTRIDER_CONFIG": str(pathlib.Path(self.opt.name) / file)}

    def take_role(self, name):
        """Credentials of the function's role, which moto has to understand first."""
        role, policies = self.policies_of(name)
        actions = {a for s in policies["calls"] for a in many(s["Action"])}
        actions |= {WORDS_OF_MOTO[a] for a in actions if a in WORDS_OF_MOTO}
        iam = self.aws.client("iam")
        for policy in policies:
            iam.delete_role_policy(RoleName=role, PolicyName=policy)
        iam.put_role_policy(RoleName=role, PolicyName="moto", PolicyDocument=document(
            {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}))
        # moto does not know a service as the one who assumes a role.
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=document(
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}))
        credentials = self.aws.client("sts").assume_role(
            RoleArn=self.functions_of_lambda[name]["Role"], RoleSessionName=name)["Credentials"]
        self.policies[name] = policies
        self.credentials[name] = {"AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
                                  "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
                                  "AWS_SESSION_TOKEN": credentials["SessionToken"]}
