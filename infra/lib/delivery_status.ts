// The receipts of SMS, from SNS or from End User Messaging, on their way to the delivery tracker.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import * as smsvoice from 'aws-cdk-lib/aws-smsvoice';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { stackName, type Settings } from './settings.ts';
import { encryptedTopic } from './topic.ts';

/**
 * Where SNS logs what became of an SMS. The names are AWS's; the groups are one an account and
 * region, so infra/deploy.sh makes them, and no stack owns them.
 */
const deliveryLogs = (region: string, account: string) => {
  const group = `sns/${region}/${account}/DirectPublishToPhoneNumber`;
  return [group, `${group}/Failure`] as const;
};

/** Receipts of SNS, to the delivery tracker. */
export class SnsDeliveryStatus extends Construct {
  /** What SNS assumes to write its logs; of the account's owner alone. */
  readonly role?: iam.Role;

  constructor(scope: Construct, id: string, settings: Settings, tracker: lambda.IFunction) {
    super(scope, id);
    const { region, account } = Stack.of(this);
    const [delivered, failed] = deliveryLogs(region, account);
    this.subscribe('Delivered', delivered, tracker);
    this.subscribe('Failed', failed, tracker);
    if (settings.ownsAccount) this.role = this.roleOfSns([delivered, failed]);
  }

  private subscribe(id: string, name: string, tracker: lambda.IFunction) {
    new logs.SubscriptionFilter(this, id, {
      logGroup: logs.LogGroup.fromLogGroupName(this, `${id}Log`, name),
      destination: new LambdaDestination(tracker),
      filterPattern: logs.FilterPattern.allEvents(),
    });
  }

  private roleOfSns(groups: readonly string[]) {
    const stack = Stack.of(this);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('sns.amazonaws.com'),
      description: 'SNS writes the delivery status of SMS; one for the whole account',
      inlinePolicies: {
        logs: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({
            // As SNS's developer guide has them ("Amazon SNS SMS delivery status").
            actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents',
              'logs:PutMetricFilter', 'logs:PutRetentionPolicy'],
            resources: groups.map((name) => stack.formatArn({
              service: 'logs', resource: 'log-group', resourceName: `${name}:*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            })),
          })],
        }),
      },
    });
    const streams = 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/' +
      '<AWS::Region>/<AWS::AccountId>/DirectPublishToPhoneNumber';
    const reason = 'The streams of a group are named by SNS.';
    acknowledge(role, {
      [`AwsSolutions-IAM5[Resource::${streams}:*]`]: reason,
      [`AwsSolutions-IAM5[Resource::${streams}/Failure:*]`]: reason,
    });
    return role;
  }
}

/** Receipts of End User Messaging, to the delivery tracker. */
export class TextEvents extends Construct {
  constructor(scope: Construct, id: string, settings: Settings, tracker: lambda.IFunction,
    dead: sqs.IQueue) {
    super(scope, id);
    const topic = encryptedTopic(this, 'sms-voice.amazonaws.com', {});
    topic.addSubscription(new LambdaSubscription(tracker, { deadLetterQueue: dead }));
    const set = new smsvoice.CfnConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: stackName(settings),
      eventDestinations: [{
        eventDestinationName: 'delivery-tracker',
        enabled: true,
        matchingEventTypes: ['TEXT_ALL'],
        snsDestination: { topicArn: topic.topicArn },
      }],
    });
    set.node.addDependency(topic);  // and with it the policy that lets it publish
  }
}
