// The permissions of each function: what it calls, and nothing else. A test records what the
// functions call, end to end, and compares the two in both directions:
// tests/aws/test_deployment.py.
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { FunctionName } from './function_specs.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import type { ShopSettings } from './shop_settings.ts';
import type { Storage } from './storage.ts';

type Grant = readonly [actions: string | readonly string[], resources: readonly string[]];

/** What functions call. */
export interface PermissionsProps {
  readonly settings: Settings;
  readonly shop: ShopSettings;
  readonly storage: Storage;
  readonly queues: Queues;
  /** The configuration set of the fallback e-mail. */
  readonly mailConfigurationSet: string;
}

/** The statements for a function's own calls. Transactions need the actions of their parts. */
export function statementsOf(name: FunctionName, scope: IConstruct, props: PermissionsProps) {
  const { log, customers, status, guard } = props.storage;
  const { sms, smsHigh, email } = props.queues;
  const table = (actions: readonly string[], on: { readonly tableArn: string }) =>
    [actions.map((action) => `dynamodb:${action}`), [on.tableArn]] as const;
  const index = (name: string) => ['dynamodb:Query', [`${log.tableArn}/index/${name}`]] as const;
  const send = (...queues: readonly sqs.Queue[]) =>
    ['sqs:SendMessage', queues.map((queue) => queue.queueArn)] as const;

  // The simulated mail server of test mode tells of complaints at once.
  const complaints = props.settings.testMode ? ['PutItem'] : [];
  const grants: { readonly [name in FunctionName]: readonly Grant[] } = {
    'order-processor': [
      table(['BatchGetItem', 'PutItem'], log),
      table(['BatchGetItem'], customers),
      table(['BatchGetItem', 'BatchWriteItem', 'PutItem'], guard),
      send(sms, smsHigh, email),
    ],
    'sms-sender': [
      table(['BatchGetItem', 'UpdateItem'], log),
      table(['BatchGetItem'], customers),
      table(['BatchGetItem', 'BatchWriteItem'], status),
      table(['BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'UpdateItem'],
        guard),
      index('order'),
      send(sms, smsHigh, email),
    ],
    'delivery-tracker': [
      table(['BatchGetItem', 'UpdateItem'], log),
      table(['BatchGetItem'], status),
      table(['BatchGetItem', 'PutItem', 'UpdateItem'], guard),
      send(email),
    ],
    'email-fallback': [
      table(['BatchGetItem', 'UpdateItem'], log),
      table(['BatchGetItem'], customers),
      table(['BatchWriteItem'], status),
      table(['BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem', 'UpdateItem', ...complaints],
        guard),
      index('order'),
      send(email),
    ],
    'sweeper': [
      table(['BatchGetItem', 'UpdateItem'], log),
      index('due'), index('order'),
      table(['BatchGetItem'], status),
      table(['BatchGetItem', 'PutItem', 'Query', 'UpdateItem'], guard),
      send(sms, smsHigh, email),
    ],
  };
  const statements = grants[name].map(([actions, resources]) => new iam.PolicyStatement({
    actions: typeof actions === 'string' ? [actions] : [...actions],
    resources: [...resources],
  }));
  return [...statements, ...ofCarriers(name, Stack.of(scope), props)];
}

/** In test mode nobody can be reached, whatever a function tries. */
function ofCarriers(name: FunctionName, stack: Stack, props: PermissionsProps) {
  const { settings: { testMode }, shop, mailConfigurationSet } = props;
  const bySns = shop.carrier === 'sns';
  if (testMode) return [];
  if (name === 'sms-sender') {
    return [bySns ? publishToPhones(stack) : sendText(stack, shop.originationIdentity)];
  }
  if (name === 'email-fallback') return [sendEmail(stack, shop.fromAddress, mailConfigurationSet)];
  if (name === 'sweeper' && bySns) {
    // It has no resource type.
    return [new iam.PolicyStatement({
      actions: ['sns:ListPhoneNumbersOptedOut'],
      resources: ['*'],
    })];
  }
  return [];
}

/** Phone numbers have no ARN: all that is no topic. */
function publishToPhones(stack: Stack) {
  return new iam.PolicyStatement({
    actions: ['sns:Publish'],
    notResources: [stack.formatArn({ service: 'sns', region: '*', account: '*', resource: '*' })],
  });
}

function sendText(stack: Stack, identity: string) {
  const resource = identity.startsWith('pool-') ? 'pool'
    : identity.startsWith('phone-') ? 'phone-number' : 'sender-id';
  return new iam.PolicyStatement({
    actions: ['sms-voice:SendTextMessage'],
    resources: [identity.startsWith('arn:') ? identity : stack.formatArn({
      service: 'sms-voice', resource,
      resourceName: resource === 'sender-id' ? `${identity}/*` : identity,
    })],
  });
}

/** Either the address is verified, or its domain. */
function sendEmail(stack: Stack, address: string, mailSet: string) {
  const arn = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'ses', resource, resourceName });
  return new iam.PolicyStatement({
    actions: ['ses:SendEmail'],
    resources: [arn('identity', address), arn('identity', address.split('@').at(-1) ?? ''),
      arn('configuration-set', mailSet)],
    conditions: { StringEquals: { 'ses:FromAddress': address } },
  });
}

/** What Lambda does in the function's name: log, trace, read its queues, keep what failed. */
export function ofLambda(log: logs.ILogGroup, sources: readonly sqs.Queue[], failed?: sqs.Queue) {
  const allow = (actions: string[], resources: string[]) =>
    new iam.PolicyStatement({ actions, resources });
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [log.logGroupArn]),
    allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']),  // no resource type
    ...sources.length === 0 ? [] : [
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        sources.map((queue) => queue.queueArn))],
    ...failed ? [allow(['sqs:SendMessage'], [failed.queueArn])] : [],
  ];
}
