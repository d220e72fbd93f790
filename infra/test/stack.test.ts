// The templates that are synthesised: what CloudFormation makes of each environment.
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { environments } from '../lib/settings.ts';
import { byEndUserMessaging, check, synthesise } from './synthesise.ts';

interface Resource {
  readonly Type: string;
  // What CloudFormation takes; the tests name what they look at.
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

const prod = synthesise('prod');
const dev = synthesise('dev');

const of = (template: typeof prod, type: string) =>
  Object.values(template.findResources(`AWS::${type}`)) as Resource[];

test('the template of prod is the one that was read and agreed to', (t) => {
  const template = prod.toJSON();
  // The shop's files are read where they stand.
  for (const name of Object.keys(template.Metadata.PostriderSettings)) {
    template.Metadata.PostriderSettings[name] = `<${name}>`;
  }
  // Zips differ from build to build.
  const text = JSON.stringify(template, null, 1)
    .replaceAll(/"[0-9a-f]{64}\.zip"/g, '"<zip>"');
  t.assert.fileSnapshot(text, path.join(import.meta.dirname, 'prod.template.snapshot.json'), {
    serializers: [(value: string) => value],
  });
});

test('production is kept when the stack goes, development is not', () => {
  const tables = of(prod, 'DynamoDB::Table');
  assert.equal(tables.length, 4);
  for (const table of tables) {
    assert.equal(table.DeletionPolicy, 'Retain');
    assert.equal(table.Properties.DeletionProtectionEnabled, true);
  }
  for (const table of of(dev, 'DynamoDB::Table')) {
    assert.equal(table.DeletionPolicy, 'Delete');
    assert.notEqual(table.Properties.DeletionProtectionEnabled, true);
  }
});

/** Another name would be another resource: CloudFormation would delete what this one holds. */
test('what holds data keeps the name that CloudFormation knows it by', () => {
  const names = (...types: string[]) => types.flatMap((type) =>
    Object.keys(prod.findResources(`AWS::${type}`)));
  assert.deepEqual(names('DynamoDB::Table', 'SQS::Queue', 'SNS::Topic', 'KMS::Key'), [
    'StorageNotificationLogEF445189', 'StorageCustomerPreferences856960A9',
    'StorageDeliveryStatus0E68A621', 'StorageGuard8065BA30',
    'QueuesDeadLettersF0D5D2AD', 'QueuesOrdersE4860F80', 'QueuesSms6C537A37',
    'QueuesSmsHighPriority5C14FAE7', 'QueuesEmail70624936',
    'StaffTopicC659CA04', 'StaffKey08014AC6']);
  assert.deepEqual(names('Logs::LogGroup'), [
    'FunctionsorderprocessorlogF3AC3923', 'FunctionssmssenderlogDAD31D40',
    'FunctionsdeliverytrackerlogB7907E93', 'Functionsemailfallbacklog40FA133A',
    'Functionssweeperlog64838613']);
});

test('everything that is stored is encrypted, backed up and expires', () => {
  for (const { Properties } of of(prod, 'DynamoDB::Table')) {
    assert.equal(Properties.SSESpecification.SSEEnabled, true);
    assert.equal(Properties.BillingMode, 'PAY_PER_REQUEST');
    assert.equal(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, true);
    assert.deepEqual(Properties.TimeToLiveSpecification, { AttributeName: 'ttl', Enabled: true });
  }
  for (const { Properties } of of(prod, 'SQS::Queue')) {
    assert.equal(Properties.SqsManagedSseEnabled, true);
  }
  for (const { Properties } of of(prod, 'SNS::Topic')) {
    assert.ok(Properties.KmsMasterKeyId);
  }
});

test('the log streams what it was and what it became', () => {
  const log = of(prod, 'DynamoDB::Table').find(({ Properties }) =>
    Properties.KeySchema[0].AttributeName === 'notification_id');
  assert.equal(log?.Properties.StreamSpecification.StreamViewType, 'NEW_AND_OLD_IMAGES');
});

test('no queue takes plain HTTP', () => {
  const queues = Object.keys(prod.findResources('AWS::SQS::Queue'));
  const closed = of(prod, 'SQS::QueuePolicy')
    .filter(({ Properties }) => Properties.PolicyDocument.Statement.some((s: {
      Effect: string; Action: string; Condition?: { Bool?: Record<string, string> };
    }) => s.Effect === 'Deny' && s.Action === 'sqs:*' &&
      s.Condition?.Bool?.['aws:SecureTransport'] === 'false'))
    .flatMap(({ Properties }) => Properties.Queues.map((q: { Ref: string }) => q.Ref));
  assert.deepEqual(closed.toSorted(), queues.toSorted());
});

test('a queue waits six times as long as its function may take, keeps a week, and redrives', () => {
  const template = prod.toJSON();
  const mappings = of(prod, 'Lambda::EventSourceMapping');
  assert.equal(mappings.length, 4);
  for (const { Properties } of mappings) {
    const queue = template.Resources[Properties.EventSourceArn['Fn::GetAtt'][0]].Properties;
    const made = template.Resources[Properties.FunctionName.Ref].Properties;
    assert.ok(queue.VisibilityTimeout >= 6 * made.Timeout);
    assert.ok(queue.VisibilityTimeout >= 300);
    assert.equal(queue.MessageRetentionPeriod, 7 * 86_400);
    assert.equal(queue.ReceiveMessageWaitTimeSeconds, 20);
    assert.equal(String(queue.RedrivePolicy.maxReceiveCount),
      made.Environment.Variables.MAX_RECEIVES);
    assert.equal(Properties.BatchSize, 10);
    assert.deepEqual(Properties.FunctionResponseTypes, ['ReportBatchItemFailures']);
  }
  const dead = of(prod, 'SQS::Queue').filter(({ Properties }) => !Properties.RedrivePolicy);
  assert.deepEqual(dead.map(({ Properties }) => Properties.MessageRetentionPeriod), [14 * 86_400]);
});

test('no more functions run at once than the design allows', () => {
  const most: Record<string, number> = {};
  for (const { Properties } of of(prod, 'Lambda::EventSourceMapping')) {
    const name = prod.toJSON().Resources[Properties.FunctionName.Ref].Properties.Handler;
    most[name] = (most[name] ?? 0) + Properties.ScalingConfig.MaximumConcurrency;
  }
  assert.deepEqual(most, { 'order-processor': 100, 'sms-sender': 50, 'email-fallback': 50 });
});

test('functions have the time, memory and runtime that they need, and are traced', () => {
  const sizes = Object.fromEntries(of(prod, 'Lambda::Function').map(({ Properties: p }) => {
    assert.equal(p.Runtime, 'provided.al2023');
    assert.deepEqual(p.Architectures, ['arm64']);
    assert.deepEqual(p.TracingConfig, { Mode: 'Active' });
    return [p.Handler, [p.Timeout, p.MemorySize]];
  }));
  assert.deepEqual(sizes, {
    'order-processor': [50, 512], 'sms-sender': [30, 256], 'delivery-tracker': [30, 256],
    'email-fallback': [30, 256], 'sweeper': [55, 256],
  });
});

test('each function has a role of its own that nobody else assumes', () => {
  const roles = of(prod, 'Lambda::Function').map(({ Properties }) =>
    Properties.Role['Fn::GetAtt'][0]);
  assert.equal(new Set(roles).size, 5);
});

test('only the owner of the account has a role for SNS', () => {
  prod.hasOutput('DeliveryStatusRoleArn', {});
  assert.deepEqual(dev.findOutputs('DeliveryStatusRoleArn'), {});
});

test('receipts of SNS come by both of its logs', () => {
  const names = of(prod, 'Logs::SubscriptionFilter').map(({ Properties }) =>
    JSON.stringify(Properties.LogGroupName));
  assert.equal(names.length, 2);
  assert.equal(names.filter((name) => name.includes('PhoneNumber/Failure')).length, 1);
});

test('in test mode nobody can be reached, and the receipts of others are not read', () => {
  dev.resourceCountIs('AWS::Logs::SubscriptionFilter', 0);
  assert.doesNotMatch(JSON.stringify(of(dev, 'IAM::Role')),
    /sns:(Publish|ListPhone)|ses:SendEmail/);
});

test('with End User Messaging its events come instead, and SNS is asked for nothing', () => {
  const text = synthesise('prod', { files: byEndUserMessaging });
  text.hasResourceProperties('AWS::SMSVOICE::ConfigurationSet', {
    ConfigurationSetName: 'SMSNotificationStack-prod',
  });
  text.resourceCountIs('AWS::Logs::SubscriptionFilter', 0);
  const allowed = JSON.stringify(of(text, 'IAM::Role'));
  assert.match(allowed, /sms-voice:SendTextMessage/);
  assert.match(allowed, /pool\/pool-0123456789abcdef0/);
  assert.doesNotMatch(allowed, /sns:(Publish|ListPhone)/);
});

test('SES requires TLS, and writes to nobody again who bounced or complained', () => {
  prod.hasResourceProperties('AWS::SES::ConfigurationSet', {
    DeliveryOptions: { TlsPolicy: 'REQUIRE' },
    SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
  });
  prod.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.ses'],
      detail: { mail: { tags: { 'ses:configuration-set': ['SMSNotificationStack-prod'] } } },
    },
  });
});

test('the sweeper is called each minute', () => {
  prod.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
});

test('order events of EventBridge come to the queue as they are inside', () => {
  const { OrderQueueUrl } = prod.findOutputs('OrderQueueUrl');
  prod.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['shop.orders'], 'detail-type': ['Order'] },
    Targets: [Match.objectLike({
      Arn: { 'Fn::GetAtt': [OrderQueueUrl?.Value.Ref, 'Arn'] }, InputPath: '$.detail',
    })],
  });
});

test('no two environments read each other\'s order events', () => {
  const sources = Object.values(environments).map((settings) => settings.orderEventSource);
  assert.equal(new Set(sources).size, sources.length);
});

test('those who send back to their own queue are not stopped as a runaway loop', () => {
  const allowed = of(prod, 'Lambda::Function')
    .filter(({ Properties }) => Properties.RecursiveLoop === 'Allow')
    .map(({ Properties }) => Properties.Handler);
  assert.deepEqual(allowed.toSorted(), ['email-fallback', 'sms-sender']);
});

test('everything that can have a tag says whose it is', () => {
  for (const { Properties } of of(prod, 'SQS::Queue')) {
    assert.deepEqual(Properties.Tags.map((tag: { Key: string; Value: string }) =>
      `${tag.Key}=${tag.Value}`),
    ['CostCenter=notifications', 'Environment=prod', 'ManagedBy=cdk', 'Project=postrider']);
  }
});

test('alarms reach the people whose addresses the settings have', () => {
  const template = synthesise('prod', { alarmEmails: ['night@example.com'] });
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email', Endpoint: 'night@example.com',
  });
  for (const { Properties } of of(template, 'CloudWatch::Alarm')) {
    assert.equal(Properties.AlarmActions.length, 1);
    assert.ok(['notBreaching', 'breaching', 'ignore'].includes(Properties.TreatMissingData));
    assert.ok(Properties.AlarmDescription.length > 20);
  }
});

test('the thresholds are those of the design', () => {
  const alarms = Object.fromEntries(of(prod, 'CloudWatch::Alarm').map(({ Properties: p }) =>
    [p.AlarmName.replace('SMSNotificationStack-prod-', ''), [p.Threshold, p.EvaluationPeriods,
      ...p.DatapointsToAlarm === undefined ? [] : [p.DatapointsToAlarm]]]));
  assert.deepEqual(alarms.Failures, [100, 2]);
  assert.deepEqual(alarms.DeadLetters, [50, 1]);
  assert.deepEqual(alarms.DeadLettersFirst, [1, 1]);
  assert.deepEqual(alarms['Errors-sms-sender'], [10, 2]);
  assert.deepEqual(alarms['Errors-sweeper'], [3, 2]);
  assert.deepEqual(alarms.AccountSpend80, [800, 1]);
  assert.deepEqual(alarms.AccountSpend100, [1000, 1]);
  assert.deepEqual(alarms.Backlog, [15 * 60 * 20, 2]);
  assert.deepEqual(alarms.AccountProblem, [1, 4, 1], 'a held line is tried every 15 minutes');
});

test('the backlog is of both SMS queues, what is put off with it', () => {
  const looksAt = of(prod, 'CloudWatch::Alarm')
    .find(({ Properties: p }) => p.AlarmName.endsWith('-Backlog'))!.Properties.Metrics
    .flatMap(({ MetricStat: stat }: { MetricStat?: any }) => stat === undefined ? [] : [
      `${stat.Metric.Dimensions[0].Value['Fn::GetAtt'][0].replace(/[0-9A-F]{8}$/, '')} ` +
      stat.Metric.MetricName]);
  assert.deepEqual(looksAt.sort(), ['QueuesSms', 'QueuesSmsHighPriority'].flatMap((queue) => [
    `${queue} ApproximateNumberOfMessagesDelayed`,
    `${queue} ApproximateNumberOfMessagesVisible`]));
});

test('cdk-nag finds nothing, whatever the settings', () => {
  const people = { alarmEmails: ['night@example.com'] };
  check('dev');
  check('staging', people);
  check('prod', people);
  check('prod', { ...people, files: byEndUserMessaging });
});
