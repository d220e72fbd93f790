// The CloudWatch dashboard of a stack.
import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Alarms, AlarmsProps } from './alarms.ts';
import { functionNames } from './function_specs.ts';
import { Metrics } from './metrics.ts';
import { stackName } from './settings.ts';

/** Graphs of a row of three, and of four. */
const third = { width: 8, height: 6 };
const quarter = { width: 6, height: 6 };

/** What operators look at: from the alarms by way of the messages to the functions' insides. */
export class Dashboard extends Construct {
  readonly dashboard: cloudwatch.Dashboard;
  private readonly props: AlarmsProps;
  private readonly metrics: Metrics;

  constructor(scope: Construct, id: string, props: AlarmsProps, alarms: Alarms) {
    super(scope, id);
    this.props = props;
    this.metrics = new Metrics(props.settings);
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      // Dashboards are the account's, in all regions: their names have to differ.
      dashboardName: `${stackName(props.settings)}-${Stack.of(this).region}`,
      defaultInterval: Duration.hours(12),
    });
    this.dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({
      title: 'Alarms', width: 24, height: 4, alarms: alarms.all,
    }));
    this.dashboard.addWidgets(...this.ofMessages());
    this.dashboard.addWidgets(...this.ofWaiting());
    this.dashboard.addWidgets(...this.ofMoney());
    this.dashboard.addWidgets(...this.ofFunctions());
  }

  private graph(title: string, left: cloudwatch.IMetric[],
    more: Partial<cloudwatch.GraphWidgetProps> = {}) {
    return new cloudwatch.GraphWidget({ title, left, ...third, ...more });
  }

  private ofMessages() {
    const { metrics } = this;
    const latency = (name: string, what: string) => ['p50', 'p99'].map((statistic) =>
      metrics.own(name, `${what} ${statistic}`, statistic));
    return [
      this.graph('Delivery success rate', [metrics.own('SMSSuccessRate', 'delivered', 'Average')], {
        ...quarter,
        leftYAxis: { min: 0, max: 100, label: '%', showUnits: false },
      }),
      this.graph('Failures', [metrics.own('receipts_failed', 'by receipt'),
        metrics.own('sms_refused', 'refused'), metrics.own('sms_unknown', 'unknown'),
        metrics.own('events_refused', 'order events refused')], {
        ...quarter,
        right: [metrics.own('SMSFailureRate', 'failed, %', 'Average')],
        rightYAxis: { min: 0, max: 100, showUnits: false },
      }),
      this.graph('From order to customer', [metrics.own('events_accepted', 'orders'),
        metrics.own('sms_submitted', 'SMS'), metrics.own('receipts_delivered', 'delivered'),
        metrics.own('fallbacks', 'to e-mail'), metrics.own('emails_sent', 'e-mails'),
        metrics.own('deferred', 'deferred'), metrics.own('no_contact', 'no contact')], quarter),
      this.graph('Latency', [...latency('sms_latency', 'order to SMS'),
        ...latency('delivery_latency', 'order to delivery')], {
        ...quarter,
        leftYAxis: { min: 0, label: 'ms', showUnits: false },
      }),
    ];
  }

  private ofWaiting() {
    const { orders, sms, smsHigh, email, dead } = this.props.queues;
    const queues = [['orders', orders], ['SMS', sms], ['SMS, high priority', smsHigh],
      ['e-mail', email]] as const;
    const period = Duration.minutes(5);
    return [
      this.graph('Queue depth', [
        ...queues.map(([label, queue]) => queue.metricApproximateNumberOfMessagesVisible({
          label, period, statistic: 'Maximum' })),
        ...queues.slice(1).map(([label, queue]) => queue.metricApproximateNumberOfMessagesDelayed({
          label: `${label}, put off`, period, statistic: 'Maximum' }))]),
      this.graph('Age of the oldest message', queues.map(([label, queue]) =>
        queue.metricApproximateAgeOfOldestMessage({ label, period, statistic: 'Maximum' })), {
        leftYAxis: { min: 0, label: 's', showUnits: false },
      }),
      this.graph('Dead letters', [
        dead.metricApproximateNumberOfMessagesVisible({ label: 'in the queue', period,
          statistic: 'Maximum' }),
        this.metrics.own('dead_letters', 'customers not reached')]),
    ];
  }

  private ofMoney() {
    const { metrics, props: { shop, mailConfigurationSet } } = this;
    return [
      this.graph('Spent on SMS, USD', [metrics.spent('in the time shown'), Metrics.snsMonth], {
        leftAnnotations: [{ value: shop.monthlyLimit, label: 'limit of a month' }],
      }),
      this.graph('SMS and their parts', [metrics.own('sms_submitted', 'SMS'),
        metrics.own('sms_segments', 'parts')], {
        right: [metrics.own('sms_throttled', 'throttled'),
          metrics.own('sms_unreachable', 'carrier not there'),
          metrics.own('account_problems', 'account problems')],
      }),
      this.graph('E-mail', [metrics.own('emails_sent', 'sent'),
        metrics.own('emails_retried', 'retried'),
        metrics.own('mail_unreachable', 'turned away')], {
        right: [Metrics.reputation('BounceRate', mailConfigurationSet),
          Metrics.reputation('ComplaintRate', mailConfigurationSet)],
      }),
    ];
  }

  private ofFunctions() {
    const { functions } = this.props;
    const each = (metricName: string, statistic = 'Sum') => functionNames.map((name) =>
      Metrics.ofLambda(name, functions.byName[name], metricName, statistic));
    return [
      this.graph('Invocations', each('Invocations'), quarter),
      this.graph('Errors', [...each('Errors'), ...each('Throttles').map((metric) =>
        metric.with({ label: `${metric.label} throttled` }))], quarter),
      this.graph('Time taken', functionNames.map((name) =>
        this.metrics.ofFunction('HandlingTime', name, 'p99')), {
        ...quarter,
        leftYAxis: { min: 0, label: 'ms, p99', showUnits: false },
      }),
      this.graph('Cold starts', functionNames.map((name) =>
        this.metrics.ofFunction('ColdStarts', name, 'Sum')), quarter),
    ];
  }
}
