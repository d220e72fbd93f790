// The environment variables of the functions: the stack's own are in docs/aws.md, "Environment",
// the shop's in docs/configuration.md.
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { maxReceives, type Queues } from './queues.ts';
import { Refused, stackName, type Settings } from './settings.ts';
import { settingsFileInFunctions } from './settings_layer.ts';
import type { ShopSettings } from './shop_settings.ts';
import type { Storage } from './storage.ts';

/** What the variables tell of. */
export interface EnvironmentProps {
  readonly settings: Settings;
  readonly shop: ShopSettings;
  readonly storage: Storage;
  readonly queues: Queues;
  /** The configuration set of the fallback e-mail. */
  readonly mailConfigurationSet: string;
  readonly staffTopic: ITopic;
}

/** Lambda takes 4 KB of names and values; the names of tables and queues need a part of it. */
const maxShopVariables = 2500;

/**
 * The variables of every function. The shop's settings are among them although a function reads the
 * file: during an update four functions of the version before may run, which read the variables
 * alone. (Its order processor reads the file too and refuses keys that it does not know: it does
 * not start until its code is new, and its orders wait in the queue.) Defaults are not among them,
 * because some had no word then: an older function takes SMS to the country "*" or a daily limit of
 * 0 literally, and sends everything by e-mail.
 */
export function environmentOf(props: EnvironmentProps): Record<string, string> {
  const { settings, shop, storage, queues } = props;
  const size = Buffer.byteLength(Object.entries(shop.variables).flat().join(''));
  if (size > maxShopVariables) {
    throw new Refused(`infra/settings/${settings.environment}/postrider.toml: its settings take ` +
      `${size} octets as variables, and the functions have room for ${maxShopVariables}`);
  }
  return {
    ...shop.variables,
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
    POSTRIDER_CONFIG: settingsFileInFunctions,
    ...shop.carrier === 'sns' ? {} : { SMS_CONFIGURATION_SET: stackName(settings) },
    EMAIL_CONFIGURATION_SET: props.mailConfigurationSet,
    TEST_MODE: String(settings.testMode),
  };
}
