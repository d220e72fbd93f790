import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { environmentOf } from './environment.ts';
import { ofLambda, statementsOf } from './permissions.ts';
import type { Queues } from './queues.ts';
import { stackName, type Settings } from './settings.ts';
import type { Storage } from './storage.ts';

export const functionNames = ['order-processor', 'sms-sender', 'delivery-tracker',
  'email-fallback', 'sweeper'] as const;
export type FunctionName = (typeof functionNames)[number];

/** The sweeper ends before the next one begins. */
export const timeouts: { readonly [name in FunctionName]: Duration } = {
  'order-processor': Duration.seconds(50),
  'sms-sender': Duration.seconds(30),
  'delivery-tracker': Duration.seconds(30),
  'email-fallback': Duration.seconds(30),
  'sweeper': Duration.seconds(55),
};

/**
 * They send what has to wait back to the queue that invokes them, time and again in a long backlog.
 * Lambda takes that for a runaway loop and, after some sixteen rounds, stops it: the messages would
 * be dead letters. What ends these rounds is the time at which the sweeper offers it again.
 */
const putsOff: ReadonlySet<FunctionName> = new Set(['sms-sender', 'email-fallback']);

const zips = fileURLToPath(new URL('../../build/lambda', import.meta.url));

export interface FunctionsProps {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly queues: Queues;
  /** The configuration set of the fallback e-mail. */
  readonly mailConfigurationSet: string;
  readonly staffTopic: ITopic;
}

/** A queue, how many of the function run at once for it, how long a batch gathers. */
interface Source {
  readonly queue: sqs.Queue;
  readonly atOnce: number;
  readonly window?: Duration;
}

/** The five functions, each with a role and a log of its own, and what invokes them. */
export class Functions extends Construct {
  readonly byName: { readonly [name in FunctionName]: lambda.Function };
  private readonly props: FunctionsProps;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.props = props;
    const { orders, sms, smsHigh, email } = props.queues;
    this.byName = {
      'order-processor': this.make('order-processor', 512, [{ queue: orders, atOnce: 100 }]),
      // Fifty senders together; what is urgent does not wait behind the others, nor for a batch.
      'sms-sender': this.make('sms-sender', 256, [
        { queue: sms, atOnce: 40 },
        { queue: smsHigh, atOnce: 10, window: Duration.seconds(0) }]),
      'delivery-tracker': this.make('delivery-tracker', 256),
      'email-fallback': this.make('email-fallback', 256, [{ queue: email, atOnce: 50 }]),
      'sweeper': this.make('sweeper', 256),
    };
    this.keepFailed('order-processor');
    this.keepFailed('delivery-tracker');
    this.sweepEachMinute();
    this.takeOrderEvents();
  }

  private make(name: FunctionName, memorySize: number, sources: readonly Source[] = []) {
    const { settings } = this.props;
    const log = new logs.LogGroup(this, `${name}-log`, {
      retention: settings.logDays,
      removalPolicy: settings.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, `${name}-role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `${stackName(settings)}: what ${name} calls, and nothing else`,
      inlinePolicies: {
        calls: new iam.PolicyDocument({ statements: statementsOf(name, this, this.props) }),
        lambda: new iam.PolicyDocument({
          statements: ofLambda(log, sources.map(({ queue }) => queue), this.asynchronous(name)),
        }),
      },
    });
    const noArns = 'Neither X-Ray nor a list of opted-out numbers has an ARN; lib/permissions.ts ' +
      'tells which call needs it.';
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]': noArns,
      'Serverless-LambdaStarPermissions': noArns,
    });
    const made = new lambda.Function(this, name, {
      description: `${stackName(settings)}: ${name}`,
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: settings.architecture === 'arm64' ? lambda.Architecture.ARM_64
        : lambda.Architecture.X86_64,
      handler: name,
      code: this.code(name),
      memorySize,
      timeout: timeouts[name],
      recursiveLoop: putsOff.has(name) ? lambda.RecursiveLoop.ALLOW : undefined,
      tracing: lambda.Tracing.ACTIVE,
      logGroup: log,
      environment: environmentOf(name, this.props),
      // CDK would add to it what it thinks is needed: permissions.ts is the whole of it.
      role: role.withoutPolicyUpdates(),
    });
    acknowledge(made, {
      'Serverless-LambdaDLQ': 'What failed goes to the dead letters by queues and destinations.',
      'Serverless-LambdaEventSourceMappingDestination': 'A queue redrives to the dead letters.',
      'Serverless-LambdaAsyncFailureDestination': 'The sweeper comes again within a minute.',
    });
    for (const { queue, atOnce, window } of sources) {
      made.addEventSource(new SqsEventSource(queue, {
        batchSize: 10,
        maxBatchingWindow: window ?? Duration.seconds(5),
        maxConcurrency: atOnce,
        reportBatchItemFailures: true,  // one bad message does not repeat the others
      }));
    }
    return made;
  }

  /** The zip of `make lambda`; without one, what can be synthesised and must not be deployed. */
  private code(name: FunctionName) {
    const { architecture } = this.props.settings;
    const zip = path.join(zips, architecture === 'arm64' ? 'arm64' : '', `${name}.zip`);
    if (fs.existsSync(zip)) return lambda.Code.fromAsset(zip);
    const what =
      `no zips in ${path.relative(process.cwd(), path.dirname(zip))}: "make lambda" builds them`;
    if (this.node.tryGetContext('zips') === 'optional') {
      Annotations.of(this).addWarningV2('postrider:zip', what);
    } else {
      Annotations.of(this).addError(what);
    }
    return lambda.Code.fromAsset(fileURLToPath(new URL('../test/no_zip', import.meta.url)));
  }

  /** Invoked by what does not wait for the answer: events, and subscriptions of logs. */
  private asynchronous(name: FunctionName) {
    return name === 'order-processor' || name === 'delivery-tracker' ? this.props.queues.dead
      : undefined;
  }

  private keepFailed(name: FunctionName) {
    this.byName[name].configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(this.props.queues.dead),
    });
  }

  private sweepEachMinute() {
    const sweeper = this.byName.sweeper;
    sweeper.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const rule = new events.Rule(this, 'SweepEachMinute', {
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new targets.LambdaFunction(sweeper, { retryAttempts: 0 })],
    });
    acknowledge(rule, {
      'Serverless-EventBusDLQ': 'A sweep that did not come is made up by the next one.',
    });
  }

  /**
   * Events of the default bus go through the queue of orders, not straight to the function: there
   * they are batched, wait out an outage, and end in the dead letters.
   */
  private takeOrderEvents() {
    const { settings, queues } = this.props;
    new events.Rule(this, 'OrderEvents', {
      description: `${stackName(settings)}: order events of the shop`,
      eventPattern: {
        source: [settings.orderEventSource],
        detailType: [settings.orderEventDetailType],
      },
      targets: [new targets.SqsQueue(queues.orders, {
        message: events.RuleTargetInput.fromEventPath('$.detail'),
        deadLetterQueue: queues.dead,
      })],
    });
  }
}
