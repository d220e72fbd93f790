// The environment variables of the functions: the table of docs/aws.md, "Environment".
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { functionSpecs, type FunctionName, type OwnVariable } from './function_specs.ts';
import { maxReceives, type Queues } from './queues.ts';
import { stackName, type Settings } from './settings.ts';
import type { Storage } from './storage.ts';

/** What the variables tell of. */
export interface EnvironmentProps {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly queues: Queues;
  /** The configuration set of the fallback e-mail. */
  readonly mailConfigurationSet: string;
  readonly staffTopic: ITopic;
}

/** The variables of one function; what the settings leave undefined is not among them. */
export function environmentOf(name: FunctionName, props: EnvironmentProps) {
  const variables = commonVariables(props);
  const own = ownVariables(props.settings);
  for (const variable of functionSpecs[name].ownVariables) variables[variable] = own[variable];
  const given: Record<string, string> = {};
  for (const [variable, value] of Object.entries(variables)) {
    if (value !== undefined) given[variable] = value;
  }
  return given;
}

/** What every function is told. */
function commonVariables(props: EnvironmentProps): Record<string, string | undefined> {
  const { settings, storage, queues } = props;
  return {
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
}

/** What only those functions are told that have it in their spec. */
function ownVariables(settings: Settings): { readonly [name in OwnVariable]: string | undefined } {
  return {
    SHOP_REGION: settings.shopRegion,
    SHOP_LOCALE: settings.shopLocale,
    TRACKING_LINK: settings.trackingLink,
    QUIET_HOURS: settings.quietHours,
    SMS_COUNTRIES: settings.smsCountries,
  };
}
