"""Resources of a template that moto's CloudFormation does not know, made through moto's APIs."""

import json

from iam import ACCOUNT, REGION, arn
from template import of_type

PSEUDO = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws",
          "AWS::StackName": "stack", "AWS::URLSuffix": "amazonaws.com"}


class Resolver:
    """CloudFormation's functions, as far as the template has them."""

    def __init__(self, deployment):
        self.kinds = {name: r["Type"] for name, r in deployment.template["Resources"].items()}
        self.properties = {name: r.get("Properties", {})
                           for name, r in deployment.template["Resources"].items()}
        self.ids = deployment.ids

    def resolve(self, value):
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, of), = value.items()
            if function == "Ref":
                return PSEUDO.get(of) or self.ids[of]
            if function == "Fn::Join":
                return of[0].join(str(self.resolve(each)) for each in of[1])
            if function == "Fn::GetAtt":
                return self.attribute(*of)
        return {key: self.resolve(each) for key, each in value.items()}

    def attribute(self, name, attribute):
        kind = self.kinds[name]
        if kind == "AWS::CloudWatch::Alarm":
            return arn("cloudwatch", "alarm:" + self.properties[name]["AlarmName"])
        own = self.ids[name].rsplit("/", 1)[-1]
        if attribute.endswith("Name"):
            return own
        service, prefix = {"AWS::SQS::Queue": ("sqs", ""), "AWS::Events::Rule": ("events", "rule/"),
                           "AWS::Lambda::Function": ("lambda", "function:")}[kind]
        return arn(service, prefix + own)


def alarm(aws, p):
    aws.client("cloudwatch").put_metric_alarm(**p)


def dashboard(aws, p):
    json.loads(p["DashboardBody"])
    aws.client("cloudwatch").put_dashboard(**p)


def queue_policy(aws, p):
    for url in p["Queues"]:
        aws.client("sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": json.dumps(p["PolicyDocument"])})


def topic_policy(aws, p):
    for topic in p["Topics"]:
        aws.client("sns").set_topic_attributes(
            TopicArn=topic, AttributeName="Policy",
            AttributeValue=json.dumps(p["PolicyDocument"]))


def subscription(aws, p):
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=p["LogGroupName"])  # infra/deploy.sh does
    logs.put_subscription_filter(logGroupName=p["LogGroupName"], filterName="tracker",
                                 filterPattern=p["FilterPattern"],
                                 destinationArn=p["DestinationArn"])


def metric_filter(aws, p):
    transformations = [{k[0].lower() + k[1:]: v for k, v in t.items()}
                       for t in p["MetricTransformations"]]
    aws.client("logs").put_metric_filter(
        logGroupName=p["LogGroupName"], filterName="store_failed",
        filterPattern=p["FilterPattern"], metricTransformations=transformations)


def invoke_config(aws, p):
    aws.client("lambda").put_function_event_invoke_config(**p)


def configuration_set(aws, p):
    aws.client("sesv2").create_configuration_set(
        ConfigurationSetName=p["Name"], DeliveryOptions=p["DeliveryOptions"],
        SuppressionOptions=p["SuppressionOptions"])


MAKERS = {"CloudWatch::Alarm": alarm, "CloudWatch::Dashboard": dashboard,
          "SQS::QueuePolicy": queue_policy, "SNS::TopicPolicy": topic_policy,
          "Logs::SubscriptionFilter": subscription,
          "Logs::MetricFilter": metric_filter, "Lambda::EventInvokeConfig": invoke_config,
          "SES::ConfigurationSet": configuration_set}


def make_by_hand(deployment):
    """The types that were made; what botocore or moto does not take raises."""
    resolver, made = Resolver(deployment), set()
    for kind, make in MAKERS.items():
        for resource in of_type(deployment.template, kind).values():
            make(deployment.aws, resolver.resolve(resource["Properties"]))
            made.add(kind)
    return made
