// A stack of these settings, as cdk.json makes it.
import * as fs from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { PostriderStack } from '../lib/postrider_stack.ts';
import { settingsOf, type Environment, type Settings } from '../lib/settings.ts';

const { context: flags } = JSON.parse(
  fs.readFileSync(new URL('../cdk.json', import.meta.url), 'utf8')) as { context: object };
const context = { ...flags, zips: 'optional' };

export function synthesise(environment: Environment, changes: Partial<Settings> = {}) {
  const app = new App({ context });
  return Template.fromStack(new PostriderStack(app, { ...settingsOf(environment), ...changes }));
}

/** Throws what cdk-nag has found. */
export function check(environment: Environment, changes: Partial<Settings> = {}) {
  const app = new App({ context });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  new PostriderStack(app, { ...settingsOf(environment), ...changes });
  app.synth();
}
