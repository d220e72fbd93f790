// What is AWS's own to say of each environment: accounts, tables, alarms. What the shop decides
// (limits, sender, texts, prices) stands in infra/settings/<environment> (shop_settings.ts).

/** A mistake in what people have written, told to them without a trace of the stack. */
export class Refused extends Error {}

export type Environment = 'dev' | 'staging' | 'prod' | 'test';

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

  /**
   * Which events of EventBridge's default bus are orders. All environments of an account read the
   * same bus: each needs a source of its own, or a customer gets a message from each of them.
   */
  readonly orderEventSource: string;
  readonly orderEventDetailType: string;

  /** Days that the functions' logs are kept: of those that CloudWatch offers. */
  readonly logDays: number;
  /** Bucket for SNS's daily usage reports; undefined: none are written. */
  readonly usageReportBucket?: string;
}

const common = {
  costCenter: 'notifications',
  architecture: 'arm64',
  alarmEmails: [],
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
    logDays: 7,
  },
  staging: {
    ...common,
    environment: 'staging',
    retain: false,
    ownsAccount: false,
    orderEventSource: 'shop.orders.staging',
    testMode: false,
    logDays: 30,
  },
  prod: {
    ...common,
    environment: 'prod',
    retain: true,
    ownsAccount: true,
    orderEventSource: 'shop.orders',
    testMode: false,
    logDays: 90,
  },
  // Of the project's own tests, which deploy it on a stand-in for AWS.
  test: {
    ...common,
    environment: 'test',
    retain: false,
    ownsAccount: false,
    orderEventSource: 'shop.orders.test',
    testMode: false,
    logDays: 7,
  },
};

/** Every member of Settings. Node strips types, so that a name of before would go unseen. */
const members: { readonly [name in keyof Required<Settings>]: true } = {
  environment: true, costCenter: true, retain: true, architecture: true, ownsAccount: true,
  alarmEmails: true, testMode: true, orderEventSource: true, orderEventDetailType: true,
  logDays: true, usageReportBucket: true,
};

/** Throws where a member is none of Settings: what the shop decides stands in its files. */
export function refuseUnknown(settings: object, name: string) {
  const unknown = Object.keys(settings).filter((member) => !Object.hasOwn(members, member));
  if (unknown.length > 0) {
    throw new Refused(`infra/lib/settings.ts: ${name} has ${unknown.join(', ')}, which belongs ` +
      `into infra/settings/${name}/postrider.toml, by the names of docs/configuration.md`);
  }
}

/** Throws where there is no such environment, or a member of it is unknown. */
export function settingsOf(name: string): Settings {
  if (!Object.hasOwn(environments, name)) {
    throw new Refused(`there is no environment "${name}" in infra/lib/settings.ts: ` +
      `it has ${Object.keys(environments).join(', ')}`);
  }
  refuseUnknown(environments[name as Environment], name);
  return environments[name as Environment];
}

export const stackName = (settings: Settings) => `SMSNotificationStack-${settings.environment}`;
