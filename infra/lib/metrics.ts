// The CloudWatch metrics that alarms and dashboard look at.
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { stackName, type Settings } from './settings.ts';

const period = Duration.minutes(5);

/**
 * What the functions count (src/ports/telemetry.hpp) and write as embedded metrics: a test compares
 * the names here with those that they write.
 */
export class Metrics {
  readonly namespace: string;

  constructor(settings: Settings) {
    this.namespace = `SMSNotifications/${stackName(settings)}`;
  }

  /** Of the whole stack: a counter's sum over five minutes, unless said otherwise. */
  own(metricName: string, label?: string, statistic = 'Sum') {
    return new cloudwatch.Metric({
      namespace: this.namespace, metricName, statistic, period, label,
    });
  }

  /** Of one function, by the name of its program. */
  ofFunction(metricName: string, functionName: string, statistic: string) {
    return new cloudwatch.Metric({
      namespace: this.namespace, metricName, statistic, period, label: functionName,
      dimensionsMap: { Function: functionName },
    });
  }

  /** USD since the beginning of what is shown. */
  spent(label: string) {
    return new cloudwatch.MathExpression({
      expression: 'RUNNING_SUM(FILL(spend_micros, 0)) / 1000000',
      usingMetrics: { spend_micros: this.own('spend_micros') }, label, period,
    });
  }

  /** What CloudWatch knows of the account's SMS: Maximum, without a dimension. */
  static readonly snsMonth = new cloudwatch.Metric({
    namespace: 'AWS/SNS', metricName: 'SMSMonthToDateSpentUSD', statistic: 'Maximum', period,
    label: 'the account, as SNS says',
  });

  static reputation(metricName: 'BounceRate' | 'ComplaintRate', configurationSet: string) {
    return new cloudwatch.Metric({
      namespace: 'AWS/SES', metricName: `Reputation.${metricName}`, statistic: 'Average', period,
      dimensionsMap: { 'ses:configuration-set': configurationSet }, label: metricName,
    });
  }

  static ofLambda(name: string, made: lambda.IFunction, metricName: string, statistic = 'Sum') {
    return made.metric(metricName, { statistic, period, label: name });
  }
}
