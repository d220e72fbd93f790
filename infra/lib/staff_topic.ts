// The SNS topic by which people hear of alarms.
import type * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './settings.ts';
import { encryptedTopic } from './topic.ts';

/** The topic that people subscribe to: alarms come by it. Customers' SMS are published directly. */
export class StaffTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.topic = encryptedTopic(this, 'cloudwatch.amazonaws.com', {
      topicName: `order-updates-sms-${settings.environment}`,
      displayName: `Postrider ${settings.environment}`,
    });
    for (const address of settings.alarmEmails) {
      this.topic.addSubscription(new EmailSubscription(address));
    }
    acknowledge(this, {
      'Serverless-SNSRedrivePolicy': 'Subscribers are people with an e-mail address.',
    });
  }
}
