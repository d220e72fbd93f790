import type { FunctionName, FunctionsProps } from './functions.ts';
import { maxReceives } from './queues.ts';
import { stackName } from './settings.ts';

/** What a function is told: the table of docs/aws.md, "Environment". */
export function environmentOf(name: FunctionName, props: FunctionsProps): Record<string, string> {
  const { settings, storage, queues } = props;
  const all: Record<string, string | undefined> = {
    ENVIRONMENT: settings.environment,
    STACK_NAME: stackName(settings),
    NOTIFICATION_LOGS_TABLE: storage.log.tableName,
    CUSTOMER_PREFERENCES_TABLE: storage.customers.tableName,
    DELIVERY_STATUS_TABLE: storage.status.tableName,
    GUARD_TABLE: storage.guard.tableName,
    NOTIFICATION_QUEUE_URL: queues.sms.queueUrl,
    HIGH_PRIORITY_QUEUE_URL: queues.smsHigh.queueUrl,
    EMAIL_QUEUE_URL: queues.email.queueUrl,
    // Of the original design; no function reads these two.
    DEAD_LETTER_QUEUE_URL: queues.dead.queueUrl,
    SMS_TOPIC_ARN: props.staffTopic.topicArn,
    MAX_RECEIVES: String(maxReceives),
    SMS_CARRIER: settings.smsCarrier,
    ORIGINATION_IDENTITY: settings.originationIdentity,
    SMS_CONFIGURATION_SET: settings.smsCarrier === 'sns' ? undefined : stackName(settings),
    EMAIL_CONFIGURATION_SET: props.mailConfigurationSet,
    UNSUBSCRIBE_URL: settings.unsubscribeUrl,
    DEFAULT_SENDER_ID: settings.defaultSenderId,
    SMS_TYPE: settings.smsType,
    SMS_SPENDING_LIMIT: String(settings.smsMonthlyLimit),
    SMS_DAILY_LIMIT: settings.smsDailyLimit?.toString(),
    SMS_PARTS_PER_SECOND: String(settings.smsPartsPerSecond),
    CUSTOMER_PER_HOUR: String(settings.customerPerHour),
    RETENTION_DAYS: String(settings.retentionDays),
    FROM_EMAIL: settings.fromEmail,
    TEST_MODE: String(settings.testMode),
    SHOP_NAME: settings.shopName,
  };
  if (name === 'order-processor') {
    Object.assign(all, {
      SHOP_REGION: settings.shopRegion,
      SHOP_LOCALE: settings.shopLocale,
      TRACKING_LINK: settings.trackingLink,
      QUIET_HOURS: settings.quietHours,
      SMS_COUNTRIES: settings.smsCountries,
    });
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] =>
    entry[1] !== undefined);
  return Object.fromEntries(given);
}
