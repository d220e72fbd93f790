// The queues: the work that functions take, and the dead letters.
import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { functionNames, functionSpecs, type WorkQueue } from './function_specs.ts';

/**
 * A queue hands a message over so many times. What Lambda throttles counts too: event sources keep
 * to their maximum concurrency, so nothing is throttled where the account allows these 200 at once.
 */
export const maxReceives = 10;

/**
 * Seconds that a message is out of sight once it is handed over: at least six times what the
 * function may take, and what the batching window adds.
 */
function visibilitySeconds(queue: WorkQueue) {
  const takers = functionNames.map((name) => functionSpecs[name])
    .filter(({ sources }) => sources.some((source) => source.queue === queue));
  return Math.max(300, ...takers.map(({ timeoutSeconds }) => 6 * timeoutSeconds + 10));
}

/** Three work queues, the intake, and the dead letters that nobody drains. */
export class Queues extends Construct implements Record<WorkQueue, sqs.Queue> {
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
    const queue = (id: string, name: WorkQueue) => new sqs.Queue(this, id, {
      ...common,
      retentionPeriod: Duration.days(7),
      receiveMessageWaitTime: Duration.seconds(20),
      visibilityTimeout: Duration.seconds(visibilitySeconds(name)),
      deadLetterQueue: { queue: this.dead, maxReceiveCount: maxReceives },
    });
    this.orders = queue('Orders', 'orders');
    this.sms = queue('Sms', 'sms');
    this.smsHigh = queue('SmsHighPriority', 'smsHigh');
    this.email = queue('Email', 'email');
  }
}
