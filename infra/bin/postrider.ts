// The CDK app: `cdk synth -c environment=prod`; dev where nothing is said.
import * as fs from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { PostriderStack } from '../lib/postrider_stack.ts';
import { Refused, settingsOf } from '../lib/settings.ts';
import { shopFolder, shopSettingsOf } from '../lib/shop_settings.ts';

try {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const settings = settingsOf(String(app.node.tryGetContext('environment') ?? 'dev'));
  new PostriderStack(app, settings, shopSettingsOf(shopFolder(settings.environment)));
  for (const { templateFullPath } of app.synth().stacks) escapeNonAscii(templateFullPath);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exit(2);
}

/**
 * CloudFormation's GetTemplate has "?" for each character outside ASCII
 * (aws-cloudformation/cloudformation-coverage-roadmap#1220), and the shop's texts are read by it:
 * the file gets JSON's escapes for them.
 */
function escapeNonAscii(file: string) {
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, text.replaceAll(/[^\0-\x7f]/g, (unit) =>
    `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`));
}
