// The five functions in Lambda, with their roles and logs, and what invokes them. What they are
// is the table of function_specs.ts.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { environmentOf, type EnvironmentProps } from './environment.ts';
import { mapFunctions, functionNames, functionSpecs, type FunctionName }
  from './function_specs.ts';
import { ofLambda, statementsOf, type PermissionsProps } from './permissions.ts';
import { stackName } from './settings.ts';
import { settingsLayer } from './settings_layer.ts';

const zips = fileURLToPath(new URL('../../build/lambda', import.meta.url));

export interface FunctionsProps extends EnvironmentProps, PermissionsProps {}

/** The five functions, each with a role and a log of its own, and what invokes them. */
export class Functions extends Construct {
  readonly byName: { readonly [name in FunctionName]: lambda.Function };
  private readonly props: FunctionsProps;
  private readonly settingsLayer: lambda.ILayerVersion;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.props = props;
    this.settingsLayer = settingsLayer(this, 'Settings', props.settings, props.shop);
    this.byName = mapFunctions((name) => this.make(name));
    for (const name of functionNames) {
      if (functionSpecs[name].keepsFailedEvents) this.keepFailedEvents(name);
    }
    this.sweepEachMinute();
    this.takeOrderEvents();
  }

  private make(name: FunctionName) {
    const { settings } = this.props;
    const spec = functionSpecs[name];
    const log = new logs.LogGroup(this, `${name}-log`, {
      retention: settings.logDays,
      removalPolicy: settings.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const made = new lambda.Function(this, name, {
      description: `${stackName(settings)}: ${name}`,
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: settings.architecture === 'arm64' ? lambda.Architecture.ARM_64
        : lambda.Architecture.X86_64,
      handler: name,
      code: this.code(name),
      memorySize: spec.memoryMiB,
      timeout: Duration.seconds(spec.timeoutSeconds),
      recursiveLoop: spec.requeues ? lambda.RecursiveLoop.ALLOW : undefined,
      tracing: lambda.Tracing.ACTIVE,
      logGroup: log,
      environment: environmentOf(this.props),
      layers: [this.settingsLayer],
      // CDK would add to it what it thinks is needed: permissions.ts is the whole of it.
      role: this.role(name, log).withoutPolicyUpdates(),
    });
    acknowledge(made, {
      'Serverless-LambdaDLQ': 'What failed goes to the dead letters by queues and destinations.',
      'Serverless-LambdaEventSourceMappingDestination': 'A queue redrives to the dead letters.',
      'Serverless-LambdaAsyncFailureDestination': 'The sweeper comes again within a minute.',
    });
    for (const { queue, maxConcurrency, batchingSeconds } of spec.sources) {
      made.addEventSource(new SqsEventSource(this.props.queues[queue], {
        batchSize: 10,
        maxBatchingWindow: Duration.seconds(batchingSeconds),
        maxConcurrency,
        reportBatchItemFailures: true,  // one bad message does not repeat the others
      }));
    }
    return made;
  }

  private role(name: FunctionName, log: logs.ILogGroup) {
    const { settings, queues } = this.props;
    const { sources, keepsFailedEvents } = functionSpecs[name];
    const role = new iam.Role(this, `${name}-role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `${stackName(settings)}: what ${name} calls, and nothing else`,
      inlinePolicies: {
        calls: new iam.PolicyDocument({ statements: statementsOf(name, this, this.props) }),
        lambda: new iam.PolicyDocument({
          statements: ofLambda(log, sources.map(({ queue }) => queues[queue]),
            keepsFailedEvents ? queues.dead : undefined),
        }),
      },
    });
    const noArns = 'Neither X-Ray nor a list of opted-out numbers has an ARN; lib/permissions.ts ' +
      'tells which call needs it.';
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]': noArns,
      'Serverless-LambdaStarPermissions': noArns,
    });
    return role;
  }

  /** The zip of `make lambda`; without one, what can be synthesised and must not be deployed. */
  private code(name: FunctionName) {
    const { architecture } = this.props.settings;
    const zip = path.join(zips, architecture === 'arm64' ? 'arm64' : '', `${name}.zip`);
    if (fs.existsSync(zip)) return lambda.Code.fromAsset(zip);
    const what =
      `no zips in ${path.relative(process.cwd(), path.dirname(zip))}: "make lambda" builds them`;
    if (this.node.tryGetContext('zips') === 'optional') {
      Annotations.of(this).addWarningV2('postrider:zip', what);
    } else {
      Annotations.of(this).addError(what);
    }
    return lambda.Code.fromAsset(fileURLToPath(new URL('../test/no_zip', import.meta.url)));
  }

  private keepFailedEvents(name: FunctionName) {
    this.byName[name].configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(this.props.queues.dead),
    });
  }

  private sweepEachMinute() {
    const sweeper = this.byName.sweeper;
    sweeper.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const rule = new events.Rule(this, 'SweepEachMinute', {
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new targets.LambdaFunction(sweeper, { retryAttempts: 0 })],
    });
    acknowledge(rule, {
      'Serverless-EventBusDLQ': 'A sweep that did not come is made up by the next one.',
    });
  }

  /**
   * Events of the default bus go through the queue of orders, not straight to the function: there
   * they are batched, wait out an outage, and end in the dead letters.
   */
  private takeOrderEvents() {
    const { settings, queues } = this.props;
    new events.Rule(this, 'OrderEvents', {
      description: `${stackName(settings)}: order events of the shop`,
      eventPattern: {
        source: [settings.orderEventSource],
        detailType: [settings.orderEventDetailType],
      },
      targets: [new targets.SqsQueue(queues.orders, {
        message: events.RuleTargetInput.fromEventPath('$.detail'),
        deadLetterQueue: queues.dead,
      })],
    });
  }
}
