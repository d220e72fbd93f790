// An SNS topic with a key of its own.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * A topic that one service of AWS publishes to, encrypted: AWS's own key for SNS would not let
 * another service in, so it has one of its own.
 */
export function encryptedTopic(scope: Construct, publisher: string, props: sns.TopicProps) {
  const service = new iam.ServicePrincipal(publisher);
  const fromHere = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
  const key = new kms.Key(scope, 'Key', {
    enableKeyRotation: true,
    // A topic stores nothing: its key need not outlive it.
    removalPolicy: RemovalPolicy.DESTROY,
    pendingWindow: Duration.days(7),
  });
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [service],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: fromHere,
  }));
  const topic = new sns.Topic(scope, 'Topic', { ...props, masterKey: key, enforceSSL: true });
  topic.addToResourcePolicy(new iam.PolicyStatement({
    principals: [service],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: fromHere,
  }));
  return topic;
}
