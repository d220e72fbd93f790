// The CDK app: `cdk synth -c environment=prod`; dev where nothing is said.
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { PostriderStack } from '../lib/postrider_stack.ts';
import { settingsOf } from '../lib/settings.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
new PostriderStack(app, settingsOf(String(app.node.tryGetContext('environment') ?? 'dev')));
app.synth();
