// The DynamoDB tables.
import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

const text = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });

/**
 * The four tables. Keys and indexes are those of src/adapters/aws/dynamodb/tables.cpp,
 * which a test compares. Classic tables, not global ones: one region, and their template can be
 * tried out.
 */
export class Storage extends Construct {
  readonly log: dynamodb.Table;
  readonly customers: dynamodb.Table;
  readonly status: dynamodb.Table;
  readonly guard: dynamodb.Table;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const table = (name: string, keys: Pick<dynamodb.TableProps, 'partitionKey' | 'sortKey'>,
      stream?: dynamodb.StreamViewType) => new dynamodb.Table(this, name, {
      ...keys,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      stream,
      deletionProtection: settings.retain,
      removalPolicy: settings.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.log = table('NotificationLog', { partitionKey: text('notification_id') },
      dynamodb.StreamViewType.NEW_AND_OLD_IMAGES);
    this.log.addGlobalSecondaryIndex({
      indexName: 'customer',
      partitionKey: text('customer_id'),
      sortKey: text('place'),
    });
    this.log.addGlobalSecondaryIndex({
      indexName: 'order',
      partitionKey: text('order_id'),
      sortKey: text('place'),
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['shop', 'mode', 'status', 'occurred_at'],
    });
    this.log.addGlobalSecondaryIndex({
      indexName: 'due',
      partitionKey: text('due_shard'),
      sortKey: text('due_key'),
      projectionType: dynamodb.ProjectionType.INCLUDE,
      nonKeyAttributes: ['segments'],
    });
    this.customers = table('CustomerPreferences', { partitionKey: text('customer_id') });
    this.status = table('DeliveryStatus', { partitionKey: text('message') });
    this.guard = table('Guard', { partitionKey: text('pk'), sortKey: text('sk') });
  }
}
