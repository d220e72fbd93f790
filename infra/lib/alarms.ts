// The CloudWatch alarms of a stack, each with what to look at first.
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionNames, type FunctionName } from './function_specs.ts';
import type { Functions } from './functions.ts';
import { Metrics } from './metrics.ts';
import type { Queues } from './queues.ts';
import { stackName, type Settings } from './settings.ts';
import type { ShopSettings } from './shop_settings.ts';

export interface AlarmsProps {
  readonly settings: Settings;
  readonly shop: ShopSettings;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly mailConfigurationSet: string;
  readonly topic: sns.ITopic;
}

/** Counted by a filter over the functions' logs. */
const storeFailed = 'store_failed';

const noReceipts = 'SMS go out and no receipt comes: all of them will be sent again by e-mail. ' +
  'Is delivery status logging on (infra/deploy.sh), and are its logs subscribed to?';

const sumOf = (names: readonly string[]) => names.map((name) => `FILL(${name}, 0)`).join(' + ');

interface Rule {
  /** What to look at first; people read it at night. */
  readonly what: string;
  readonly atLeast: number;
  /** Of the metric's periods, in a row. */
  readonly periods?: number;
  /** How many of them suffice, where not all are needed. */
  readonly anyOf?: number;
  /** What no data means: no bad news, where nothing is said. */
  readonly missing?: cloudwatch.TreatMissingData;
  readonly operator?: cloudwatch.ComparisonOperator;
}

/** What a person has to hear of; each tells the topic when it begins and when it is over. */
export class Alarms extends Construct {
  readonly all: cloudwatch.Alarm[] = [];
  private readonly props: AlarmsProps;
  private readonly metrics: Metrics;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.props = props;
    this.metrics = new Metrics(props.settings);
    this.ofMessages();
    this.ofDeadLetters();
    this.ofMoney();
    for (const name of functionNames) this.ofFunction(name);
    this.ofStore();
    this.ofWaiting();
    this.ofMail();
  }

  private alarm(name: string, metric: cloudwatch.IMetric, rule: Rule) {
    const alarm = new cloudwatch.Alarm(this, name, {
      alarmName: `${stackName(this.props.settings)}-${name}`,
      alarmDescription: rule.what,
      metric,
      threshold: rule.atLeast,
      evaluationPeriods: rule.periods ?? 1,
      datapointsToAlarm: rule.anyOf,
      comparisonOperator: rule.operator ??
        cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: rule.missing ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.props.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.all.push(alarm);
  }

  private ofMessages() {
    const { metrics } = this;
    this.alarm('Failures', metrics.own('receipts_failed'), {
      what: 'A hundred SMS failed in five minutes, twice in a row. They go by e-mail. ' +
        'The records have the carrier\'s codes.',
      atLeast: 100, periods: 2,
    });
    this.alarm('Refused', metrics.own('sms_refused'), {
      what: 'The carrier refused a hundred SMS in five minutes, twice in a row. They go by e-mail.',
      atLeast: 100, periods: 2,
    });
    this.alarm('Unknown', metrics.own('sms_unknown'), {
      what: 'A hundred SMS in five minutes had no answer from the carrier, twice in a row. They ' +
        'go by e-mail, and their money stays reserved.',
      atLeast: 100, periods: 2,
    });
    // A line that is held is tried every fifteen minutes.
    this.alarm('AccountProblem', metrics.own('account_problems'), {
      what: 'The carrier blames the account (spending limit, sandbox, review): SMS wait. ' +
        'The logs of sms-sender and delivery-tracker have "provider_held" with a code.',
      atLeast: 1, periods: 4, anyOf: 1,
    });
    // Twice, because tries are counted: a hiccup before the only message of an hour is none.
    this.alarm('SmsHeldUp', this.moreThan('sms_submitted',
      ['sms_throttled', 'sms_unreachable', 'sms_unknown'], Duration.minutes(10)), {
      what: 'The carrier took fewer SMS than it throttled, did not answer or could not be ' +
        'reached for: they wait, or go by e-mail. See "provider_paused" and "sms_unknown" in the ' +
        'log of sms-sender.',
      atLeast: 1, periods: 2,
    });
    this.alarm('MailHeldUp', this.moreThan('emails_sent', ['mail_unreachable'],
      Duration.minutes(20)), {
      what: 'SES took fewer e-mails than it turned away: they wait. Is the account out of the ' +
        'sandbox, the sender verified, the quota enough? See "provider_paused" in the log of ' +
        'email-fallback.',
      atLeast: 1, periods: 2,
    });
    this.alarm('NoReceipts', this.withoutReceipts(10, Duration.minutes(15)), {
      what: noReceipts, atLeast: 1, periods: 2,
    });
    // For a shop with few orders. Twice: the first SMS after a quiet night has no receipt yet.
    this.alarm('NoReceiptsForHours', this.withoutReceipts(1, Duration.hours(3)), {
      what: noReceipts, atLeast: 1, periods: 2,
    });
    this.alarm('ReceiptsUnknown', this.metrics.own('receipts_unknown'), {
      what: 'Receipts have a word that Postrider does not know ("receipt_unknown"). Their ' +
        'messages wait for the next word, or go by e-mail at the deadline. A new version may ' +
        'know it.',
      atLeast: 1,
    });
    this.alarm('LeaseExpired', metrics.own('rescued'), {
      what: 'Functions end in the middle of their work: notifications are rescued by the ' +
        'sweeper. Look for timeouts and memory in the logs of sms-sender and email-fallback.',
      atLeast: 10,
    });
  }

  /** 1 where so many SMS went out and nothing came back. */
  private withoutReceipts(sent: number, period: Duration) {
    const receipts = ['receipts_delivered', 'receipts_failed', 'receipts_late'];
    return this.compared(`FILL(sms_submitted, 0) >= ${sent} AND ${sumOf(receipts)} == 0`,
      ['sms_submitted', ...receipts], period, 'sent without receipts');
  }

  /** 1 where the others together are more than `one`. */
  private moreThan(one: string, others: readonly string[], period: Duration) {
    return this.compared(`${sumOf(others)} > FILL(${one}, 0)`, [one, ...others], period,
      `more turned away than ${one.replace('_', ' ')}`);
  }

  /** The sweeper writes zeros of these metrics: one that never was would leave all of it empty. */
  private compared(condition: string, names: readonly string[], period: Duration, label: string) {
    return new cloudwatch.MathExpression({
      expression: `IF(${condition}, 1, 0)`,
      usingMetrics: Object.fromEntries(names.map((name) =>
        [name, this.metrics.own(name).with({ period })])),
      period, label,
    });
  }

  private ofDeadLetters() {
    const queue = this.props.queues.dead.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5), statistic: 'Maximum',
    });
    this.alarm('DeadLettersFirst', queue, {
      what: 'Something is in the dead-letter queue: messages that no function could read, or ' +
        'that failed each time. Bodies of unreadable ones are in the guard table, "unreadable#".',
      atLeast: 1,
    });
    this.alarm('DeadLetters', queue, {
      what: 'Fifty messages or more are in the dead-letter queue.', atLeast: 50,
    });
    this.alarm('NotDelivered', this.metrics.own('dead_letters'), {
      what: 'A customer could be reached neither by SMS nor by e-mail: "postrider dead-letters ' +
        'list --aws" shows whom, replay and discard settle it.',
      atLeast: 1,
    });
    this.alarm('NotDeliveredMany', this.metrics.own('dead_letters').with({
      period: Duration.hours(1),
    }), { what: 'Fifty customers or more could not be reached within an hour.', atLeast: 50 });
  }

  private ofMoney() {
    const { settings, shop } = this.props;
    const limit = shop.monthlyLimit;
    this.alarm('Budget80', this.metrics.own('budget_80_percent'), {
      what: `Four fifths of this month's ${limit} USD for SMS are spent or reserved.`, atLeast: 1,
    });
    const where = `The month's is ${limit} USD; both are in infra/settings/` +
      `${settings.environment}/postrider.toml.`;
    this.alarm('BudgetUsedUp', this.metrics.own('budget_used_up'), {
      what: `This month's money for SMS is spent or reserved: messages go by e-mail. ${where}`,
      atLeast: 1,
    });
    this.alarm('OverLimit', this.metrics.own('sms_over_limit'), {
      what: `A message went by e-mail because a limit of the day or month is reached. ${where}`,
      atLeast: 1,
    });
    this.alarm('Overcharged', this.metrics.own('sms_overcharged'), {
      what: 'A receipt named a higher price than was reserved: the price list is out of date.',
      atLeast: 1,
    });
    this.alarm('PriceImplausible', this.metrics.own('sms_price_implausible'), {
      what: 'A receipt named a price far from the expected one, which is not booked: a list in ' +
        'another currency or out of date, or receipts that are wrong ("price_implausible").',
      atLeast: 1,
    });
    this.alarm('PriceUnknown', this.metrics.own('sms_price_unknown'), {
      what: 'Messages to a country without a price went by e-mail: the price list lacks it.',
      atLeast: 1,
    });
    if (!settings.ownsAccount || shop.carrier !== 'sns') return;
    this.alarm('AccountSpend80', Metrics.snsMonth, {
      what: `SNS has billed four fifths of the account's ${limit} USD of this month.`,
      atLeast: limit * 0.8, missing: cloudwatch.TreatMissingData.IGNORE,  // it comes now and then
    });
    this.alarm('AccountSpend100', Metrics.snsMonth, {
      what: `SNS has billed all of the account's ${limit} USD of this month, and stops.`,
      atLeast: limit, missing: cloudwatch.TreatMissingData.IGNORE,
    });
  }

  private ofFunction(name: FunctionName) {
    const made = this.props.functions.byName[name];
    // The sweeper runs five times in five minutes, and is not tried again.
    const atLeast = name === 'sweeper' ? 3 : 10;
    this.alarm(`Errors-${name}`, Metrics.ofLambda(name, made, 'Errors'), {
      what: `${name} failed ${atLeast} times in five minutes, twice in a row. Its log tells why.`,
      atLeast, periods: 2,
    });
    if (name === 'sweeper') {
      this.alarm('SweeperStopped', Metrics.ofLambda(name, made, 'Invocations'), {
        what: 'The sweeper has not run: deadlines pass unseen. Is its schedule enabled?',
        atLeast: 1, periods: 2,
        missing: cloudwatch.TreatMissingData.BREACHING,
        operator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      });
    }
  }

  /** A batch that comes again is no error to Lambda: their logs say that DynamoDB refused. */
  private ofStore() {
    for (const name of functionNames) {
      new logs.MetricFilter(this, `StoreFailed-${name}`, {
        logGroup: this.props.functions.byName[name].logGroup,
        filterPattern: logs.FilterPattern.literal(
          '{ $.event = "store_failed" && $.level = "error" }'),
        metricNamespace: this.metrics.namespace,
        metricName: storeFailed,
      });
    }
    this.alarm('StoreFailed', this.metrics.own(storeFailed), {
      what: 'DynamoDB does not take what functions write, or their roles do not allow it: ' +
        'messages wait in their queues. "store_failed" in the logs has the reason.',
      atLeast: 10, periods: 2,
    });
    this.alarm('SetAside', this.metrics.own('items_set_aside'), {
      what: 'A notification can\'t be read or written: it waits, the others go on. ' +
        '"item_set_aside" in the logs names it each hour, with the reason and what to do.',
      atLeast: 1,
    });
  }

  private ofWaiting() {
    const { orders, sms, smsHigh, email } = this.props.queues;
    const queues: readonly [string, sqs.Queue, number][] =
      [['Orders', orders, 300], ['Sms', sms, 900], ['SmsHighPriority', smsHigh, 300],
        ['Email', email, 900]];
    for (const [name, queue, seconds] of queues) {
      this.alarm(`Waiting-${name}`, queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5), statistic: 'Maximum',
      }), {
        what: `A message has waited ${seconds / 60} minutes in the queue ${name}: its function ` +
          'fails, or is too slow for what comes in (docs/scale.md).',
        atLeast: seconds, periods: 2,
      });
    }
    this.ofRate([sms, smsHigh]);
  }

  /**
   * What the rate does not let go comes back as a new message within seconds: its age says nothing
   * of the wait, the number of those that wait does. SQS writes these metrics of each queue that is
   * polled, zeros too, so that the sum is never empty.
   */
  private ofRate(queues: readonly sqs.Queue[]) {
    const rate = this.props.shop.partsPerSecond;
    if (rate === 0) return;
    const period = Duration.minutes(5);
    this.alarm('Backlog', new cloudwatch.MathExpression({
      expression: 'SUM(METRICS())',
      usingMetrics: Object.fromEntries(queues.flatMap((queue, n) => [
        [`visible${n}`,
          queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' })],
        [`delayed${n}`,
          queue.metricApproximateNumberOfMessagesDelayed({ period, statistic: 'Maximum' })]])),
      period,
      label: 'SMS that wait',
    }), {
      what: 'More SMS wait than fifteen minutes let go. Raise SNS\'s quota and then ' +
        `sms.parts_per_second (${rate}), or some will be e-mails (docs/scale.md).`,
      atLeast: 15 * 60 * rate, periods: 2,
    });
  }

  private ofMail() {
    const set = this.props.mailConfigurationSet;
    this.alarm('Bounces', Metrics.reputation('BounceRate', set), {
      what: 'One e-mail in twenty bounces: SES pauses an account that goes on so.', atLeast: 0.05,
      missing: cloudwatch.TreatMissingData.IGNORE,
    });
    this.alarm('Complaints', Metrics.reputation('ComplaintRate', set), {
      what: 'One e-mail in a thousand is called spam: SES pauses an account that goes on so.',
      atLeast: 0.001,
      missing: cloudwatch.TreatMissingData.IGNORE,
    });
  }
}
