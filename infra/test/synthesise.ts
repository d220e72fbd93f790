// Stacks of changed settings, as cdk.json makes them.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { PostriderStack } from '../lib/postrider_stack.ts';
import { settingsOf, type Environment, type Settings } from '../lib/settings.ts';
import { shopFolder, shopSettingsOf } from '../lib/shop_settings.ts';

/** What is other than in the project. */
export interface Changes extends Partial<Settings> {
  /** By the name of a file of the shop's settings: the new text, made of the one that is there. */
  readonly files?: { readonly [name: string]: (text: string) => string };
}

const { context: flags } = JSON.parse(
  fs.readFileSync(new URL('../cdk.json', import.meta.url), 'utf8')) as { context: object };
const context = { ...flags, zips: 'optional' };

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'postrider-settings-'));
process.on('exit', () => fs.rmSync(temporary, { recursive: true }));

/** The shop's settings of an environment; changed ones come from a copy of the folder. */
export function shopOf(environment: Environment, files: Changes['files'] = {}) {
  const folder = shopFolder(environment);
  if (Object.keys(files).length === 0) return shopSettingsOf(folder);
  const copy = fs.mkdtempSync(path.join(temporary, `${environment}-`));
  fs.cpSync(folder, copy, { recursive: true });
  for (const [name, change] of Object.entries(files)) {
    const file = path.join(copy, name);
    fs.writeFileSync(file, change(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''));
  }
  return shopSettingsOf(copy);
}

/** A change of a file: this part of its text is another, and has to be there. */
export const replacing = (part: string, other: string) => (text: string) => {
  if (!text.includes(part)) throw new Error(`there is no "${part}" in ${text}`);
  return text.replace(part, other);
};

/** A change of the settings file: End User Messaging sends from this pool. */
export const byEndUserMessaging = {
  'postrider.toml': replacing('carrier = "sns"',
    'carrier = "end_user_messaging"\norigination_identity = "pool-0123456789abcdef0"'),
};

function stackOf(app: App, environment: Environment, { files, ...settings }: Changes) {
  return new PostriderStack(app, { ...settingsOf(environment), ...settings },
    shopOf(environment, files));
}

/** The template of an environment. */
export function synthesise(environment: Environment, changes: Changes = {}) {
  return Template.fromStack(stackOf(new App({ context }), environment, changes));
}

/** The folder that is uploaded as the layer of an environment; its name has the content's hash. */
export function layerOf(environment: Environment, files: Changes['files'] = {}) {
  const app = new App({ context });
  const stack = stackOf(app, environment, { files });
  const { directory, stacks: [{ template }] } = app.synth() as unknown as
    { directory: string, stacks: [{ template: ReturnType<Template['toJSON']> }] };
  const layers = Object.values(template.Resources as Record<string, {
    Type: string, Properties: { Content: { S3Key: string } },
  }>).filter(({ Type }) => Type === 'AWS::Lambda::LayerVersion');
  if (layers.length !== 1) throw new Error(`${stack.stackName} has ${layers.length} layers`);
  return path.join(directory,
    `asset.${path.basename(layers[0]!.Properties.Content.S3Key, '.zip')}`);
}

/** Throws what cdk-nag has found. */
export function check(environment: Environment, changes: Changes = {}) {
  const app = new App({ context });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  stackOf(app, environment, changes);
  app.synth();
}
