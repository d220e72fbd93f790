// The part of SES that is the stack's: a configuration set, and the way of its events.
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ses from 'aws-cdk-lib/aws-ses';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { stackName, type Settings } from './settings.ts';

/**
 * SES's configuration set: TLS required, addresses that bounced or complained are not written to
 * again, and what became of an e-mail goes to EventBridge. The identity of the sender is the
 * account's, not the stack's.
 */
export class Email extends Construct {
  readonly configurationSet: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.configurationSet = stackName(settings);
    const set = new ses.ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: this.configurationSet,
      tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE,
      suppressionReasons: ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      reputationMetrics: true,
    });
    set.addEventDestination('Events', {
      configurationSetEventDestinationName: 'delivery-tracker',
      destination: ses.EventDestination.eventBus(
        events.EventBus.fromEventBusName(this, 'Bus', 'default')),
      events: [ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT,
        ses.EmailSendingEvent.DELIVERY, ses.EmailSendingEvent.REJECT,
        ses.EmailSendingEvent.RENDERING_FAILURE],
    });
  }

  /** Bounces and complaints, to the delivery tracker. */
  track(tracker: lambda.IFunction, dead: sqs.IQueue) {
    new events.Rule(this, 'Outcomes', {
      description: `${this.configurationSet}: what became of its e-mails`,
      eventPattern: {
        source: ['aws.ses'],
        detail: { mail: { tags: { 'ses:configuration-set': [this.configurationSet] } } },
      },
      targets: [new targets.LambdaFunction(tracker, { deadLetterQueue: dead })],
    });
  }
}
