import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { timeouts } from './functions.ts';

/**
 * A queue hands a message over so many times. What Lambda throttles counts too: event sources keep
 * to their maximum concurrency, so nothing is throttled where the account allows these 200 at once.
 */
export const maxReceives = 10;

/** Three work queues, the intake, and the dead letters that nobody drains. */
export class Queues extends Construct {
  readonly orders: sqs.Queue;
  readonly sms: sqs.Queue;
  readonly smsHigh: sqs.Queue;
  readonly email: sqs.Queue;
  readonly dead: sqs.Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const common = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.dead = new sqs.Queue(this, 'DeadLetters', {
      ...common,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.dead, { 'Serverless-SQSRedrivePolicy': 'The others redrive to it.' });
    // At least six times what the function may take, and what the batching window adds.
    const queue = (name: string, timeout: Duration) => new sqs.Queue(this, name, {
      ...common,
      retentionPeriod: Duration.days(7),
      receiveMessageWaitTime: Duration.seconds(20),
      visibilityTimeout: Duration.seconds(Math.max(300, 6 * timeout.toSeconds() + 10)),
      deadLetterQueue: { queue: this.dead, maxReceiveCount: maxReceives },
    });
    this.orders = queue('Orders', timeouts['order-processor']);
    this.sms = queue('Sms', timeouts['sms-sender']);
    this.smsHigh = queue('SmsHighPriority', timeouts['sms-sender']);
    this.email = queue('Email', timeouts['email-fallback']);
  }
}
