// The stack of one environment, made of the parts in the other files.
import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SnsDeliveryStatus, TextEvents } from './delivery_status.ts';
import { Email } from './email.ts';
import { Functions } from './functions.ts';
import { Monitoring } from './monitoring.ts';
import { Queues } from './queues.ts';
import { stackName, type Settings } from './settings.ts';
import type { ShopSettings } from './shop_settings.ts';
import { StaffTopic } from './staff_topic.ts';
import { Storage } from './storage.ts';

/** Postrider in one environment: from the queue of orders to the alarms. */
export class PostriderStack extends Stack {
  constructor(app: App, settings: Settings, shop: ShopSettings) {
    super(app, stackName(settings), {
      description: `Postrider: order notifications by SMS and e-mail, ${settings.environment}`,
      terminationProtection: settings.retain,
    });
    // The command line (--aws) reads here what the functions' layer has.
    this.templateOptions.metadata = { PostriderSettings: shop.files };
    const storage = new Storage(this, 'Storage', settings);
    const queues = new Queues(this, 'Queues');
    const staff = new StaffTopic(this, 'Staff', settings);
    const email = new Email(this, 'Email', settings);
    const functions = new Functions(this, 'Functions', {
      settings, shop, storage, queues,
      mailConfigurationSet: email.configurationSet,
      staffTopic: staff.topic,
    });
    const tracker = functions.byName['delivery-tracker'];
    email.track(tracker, queues.dead);
    const receipts = this.receipts(settings, shop, tracker, queues);
    new Monitoring(this, 'Monitoring', {
      settings, shop, queues, functions,
      mailConfigurationSet: email.configurationSet,
      topic: staff.topic,
    });
    this.tag(settings);
    this.tell(storage, queues, functions, staff, receipts);
  }

  /** In test mode receipts come with the answers, and those of others are nothing to look at. */
  private receipts(settings: Settings, shop: ShopSettings, tracker: IFunction, queues: Queues) {
    if (settings.testMode) return undefined;
    return shop.carrier === 'sns'
      ? new SnsDeliveryStatus(this, 'DeliveryStatus', settings, tracker)
      : new TextEvents(this, 'TextEvents', settings, tracker, queues.dead);
  }

  private tag(settings: Settings) {
    const tags = {
      Project: 'postrider',
      Environment: settings.environment,
      ManagedBy: 'cdk',
      CostCenter: settings.costCenter,
    };
    for (const [name, value] of Object.entries(tags)) {
      // CloudFormation takes none for a dashboard (cfn-lint 1.51).
      Tags.of(this).add(name, value, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
    }
  }

  /** Names that the command line (--aws) and infra/deploy.sh read. */
  private tell(storage: Storage, queues: Queues, functions: Functions, staff: StaffTopic,
    receipts?: SnsDeliveryStatus | TextEvents) {
    const outputs: Record<string, string | undefined> = {
      NotificationLogsTable: storage.log.tableName,
      CustomerPreferencesTable: storage.customers.tableName,
      DeliveryStatusTable: storage.status.tableName,
      GuardTable: storage.guard.tableName,
      OrderQueueUrl: queues.orders.queueUrl,
      NotificationQueueUrl: queues.sms.queueUrl,
      HighPriorityQueueUrl: queues.smsHigh.queueUrl,
      EmailQueueUrl: queues.email.queueUrl,
      DeadLetterQueueUrl: queues.dead.queueUrl,
      OrderProcessorFunction: functions.byName['order-processor'].functionName,
      SmsTopicArn: staff.topic.topicArn,
      DeliveryStatusRoleArn: receipts instanceof SnsDeliveryStatus ? receipts.role?.roleArn
        : undefined,
    };
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== undefined) new CfnOutput(this, name, { value });
    }
  }
}
