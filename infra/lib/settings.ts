// The settings of each environment. A shop edits this file, and no other.

export type Environment = 'dev' | 'staging' | 'prod';

export interface Settings {
  readonly environment: Environment;
  /** Tag of the bill: who pays. */
  readonly costCenter: string;
  /** Keep tables when the stack goes, and let nobody delete them. */
  readonly retain: boolean;
  readonly architecture: 'arm64' | 'x86-64';
  /**
   * Its deployment sets what AWS has once an account and region: SNS's spending limit, type and
   * role for the delivery status. One environment of an account; the one that is alone in its own.
   */
  readonly ownsAccount: boolean;

  /** Who is woken. CloudWatch sends nothing before the link in its first e-mail was followed. */
  readonly alarmEmails: readonly string[];

  /** Takes orders, reaches nobody and costs no SMS: docs/aws.md, "Test mode". */
  readonly testMode: boolean;
  readonly smsCarrier: 'sns' | 'end_user_messaging';
  /** A number, pool or sender of the account: "pool-…", "phone-…"; End User Messaging needs it. */
  readonly originationIdentity?: string;
  readonly defaultSenderId?: string;
  readonly smsType: 'Transactional' | 'Promotional';
  /** USD. The functions never go over it. */
  readonly smsMonthlyLimit: number;
  readonly smsDailyLimit?: number;
  /** SMS parts, over all functions. 20 is what a new account of SNS may send. */
  readonly smsPartsPerSecond: number;
  readonly customerPerHour: number;
  /** Countries that may get SMS: "US CA"; empty: none. Undefined: all. */
  readonly smsCountries?: string;
  /** "20:00-08:00", of the customer's time zone. */
  readonly quietHours?: string;

  /** Sender of the fallback e-mail; SES must know its address or domain. */
  readonly fromEmail: string;
  readonly unsubscribeUrl?: string;
  readonly shopName: string;
  readonly shopRegion?: string;
  readonly shopLocale?: string;
  readonly trackingLink?: string;

  /**
   * Which events of EventBridge's default bus are orders. All environments of an account read the
   * same bus: each needs a source of its own, or a customer gets a message from each of them.
   */
  readonly orderEventSource: string;
  readonly orderEventDetailType: string;

  /** Days that a notification is kept after its end. */
  readonly retentionDays: number;
  /** Days that the functions' logs are kept: of those that CloudWatch offers. */
  readonly logDays: number;
  /** Bucket for SNS's daily usage reports; undefined: none are written. */
  readonly usageReportBucket?: string;
}

const common = {
  costCenter: 'notifications',
  architecture: 'arm64',
  alarmEmails: [],
  smsCarrier: 'sns',
  smsType: 'Transactional',
  smsPartsPerSecond: 20,
  customerPerHour: 10,
  fromEmail: 'Shop <orders@example.com>',
  shopName: 'Shop',
  orderEventDetailType: 'Order',
} as const;

export const environments: { readonly [name in Environment]: Settings } = {
  dev: {
    ...common,
    environment: 'dev',
    retain: false,
    ownsAccount: false,
    orderEventSource: 'shop.orders.dev',
    testMode: true,
    smsMonthlyLimit: 20,
    retentionDays: 7,
    logDays: 7,
  },
  staging: {
    ...common,
    environment: 'staging',
    retain: false,
    ownsAccount: false,
    orderEventSource: 'shop.orders.staging',
    testMode: false,
    smsMonthlyLimit: 50,
    retentionDays: 14,
    logDays: 30,
  },
  prod: {
    ...common,
    environment: 'prod',
    retain: true,
    ownsAccount: true,
    orderEventSource: 'shop.orders',
    testMode: false,
    smsMonthlyLimit: 1000,
    retentionDays: 30,
    logDays: 90,
  },
};

/** Throws where there is no such environment. */
export function settingsOf(name: string): Settings {
  if (!Object.hasOwn(environments, name)) {
    throw new Error(`there is no environment "${name}" in infra/lib/settings.ts: ` +
      `it has ${Object.keys(environments).join(', ')}`);
  }
  return environments[name as Environment];
}

/** Throws where settings contradict each other. */
export function refuseContradictions(settings: Settings) {
  const refuse = (what: string) => {
    throw new Error(`infra/lib/settings.ts, ${settings.environment}: ${what}`);
  };
  if (settings.smsCarrier === 'end_user_messaging' && !settings.originationIdentity) {
    refuse('End User Messaging needs an originationIdentity');
  }
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(addressOf(settings.fromEmail))) {
    refuse(`fromEmail "${settings.fromEmail}" is no address such as "Shop <orders@example.com>"`);
  }
}

export const stackName = (settings: Settings) => `SMSNotificationStack-${settings.environment}`;

/** "Shop <orders@example.com>" → "orders@example.com". */
export function addressOf(fromEmail: string): string {
  return /<([^<>]+)>\s*$/.exec(fromEmail)?.[1] ?? fromEmail.trim();
}
