// The shop's files on their way to the functions: as a layer, as variables, in the metadata.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { environments, refuseUnknown, settingsOf, type Environment } from '../lib/settings.ts';
import { shopFolder, shopSettingsOf } from '../lib/shop_settings.ts';
import { byEndUserMessaging, layerOf, replacing, shopOf, synthesise } from './synthesise.ts';

const infra = path.join(import.meta.dirname, '..');
const all = Object.keys(environments) as Environment[];
const three = ['postrider.toml', 'prices.toml', 'texts.toml'];

const read = (folder: string, name: string) => fs.readFileSync(path.join(folder, name), 'utf8');

/** The variables of each function, by its handler. */
const variablesOf = (template: ReturnType<typeof synthesise>):
  { readonly [handler: string]: { readonly [name: string]: unknown } } =>
  Object.fromEntries(Object.values(template.findResources('AWS::Lambda::Function'))
    .map(({ Properties: p }) => [p.Handler, p.Environment.Variables]));

test('each environment has a folder with the three files', () => {
  assert.deepEqual(fs.readdirSync(path.join(infra, 'settings')).toSorted(), all.toSorted());
  for (const environment of all) {
    assert.deepEqual(fs.readdirSync(shopFolder(environment)).toSorted(), three);
    assert.deepEqual(Object.keys(shopOf(environment).files).toSorted(), three);
  }
});

test('the layer has the three files in the folder that Lambda mounts, and nothing else', () => {
  const layer = layerOf('prod', { 'notes.txt': () => 'not for the functions' });
  assert.deepEqual((fs.readdirSync(layer, { recursive: true }) as string[]).toSorted(),
    ['postrider', ...three.map((name) => `postrider/${name}`)]);
  for (const name of three) {
    assert.equal(read(layer, `postrider/${name}`), read(shopFolder('prod'), name));
    assert.equal(fs.statSync(path.join(layer, 'postrider', name)).mode & 0o777, 0o644);
  }
});

test('the same files make the same layer, and other ones another', () => {
  const name = path.basename(layerOf('prod'));
  assert.equal(path.basename(layerOf('prod')), name);
  assert.equal(path.basename(layerOf('prod', { 'texts.toml': (text) => text })), name);
  for (const file of three) {
    assert.notEqual(path.basename(layerOf('prod', { [file]: (text) => `${text}\n# new\n` })), name);
  }
});

test('all functions have the layer and read the settings file in it', () => {
  const template = synthesise('prod');
  const [layer] = Object.keys(template.findResources('AWS::Lambda::LayerVersion'));
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  assert.equal(functions.length, 5);
  for (const { Properties: p } of functions) {
    assert.deepEqual(p.Layers, [{ Ref: layer }]);
    assert.equal(p.Environment.Variables.POSTRIDER_CONFIG, '/opt/postrider/postrider.toml');
  }
});

test('all functions have the variables of what `postrider config show` marks, and the stack\'s',
  () => {
    const own = ['ENVIRONMENT', 'STACK_NAME', 'NOTIFICATION_LOGS_TABLE',
      'CUSTOMER_PREFERENCES_TABLE', 'DELIVERY_STATUS_TABLE', 'GUARD_TABLE',
      'NOTIFICATION_QUEUE_URL', 'HIGH_PRIORITY_QUEUE_URL', 'EMAIL_QUEUE_URL',
      'DEAD_LETTER_QUEUE_URL', 'SMS_TOPIC_ARN', 'MAX_RECEIVES', 'POSTRIDER_CONFIG',
      'EMAIL_CONFIGURATION_SET', 'TEST_MODE'];
    for (const environment of ['prod', 'test'] as const) {
      const file = path.join(shopFolder(environment), 'postrider.toml');
      const shown = JSON.parse(execFileSync(
        process.env.POSTRIDER ?? path.join(infra, '../build/release/postrider'),
        ['config', 'show', '--json', '--home', 'aws', '--config', file], { encoding: 'utf8' })) as
        { differs: boolean, variable: { name: string, value: string } | null }[];
      const wanted = Object.fromEntries(shown.flatMap(({ differs, variable }) =>
        differs && variable !== null ? [[variable.name, variable.value]] : []));
      assert.ok(Object.keys(wanted).length > (environment === 'test' ? 10 : 1));
      for (const variables of Object.values(variablesOf(synthesise(environment)))) {
        assert.deepEqual(Object.keys(variables).toSorted(),
          [...own, ...Object.keys(wanted)].toSorted());
        assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) =>
          [name, variables[name]])), wanted);
      }
    }
  });

test('a change of the file changes the variables and what CDK takes of the settings', () => {
  const changed = synthesise('prod', {
    files: { 'postrider.toml': (text) => text.replace('monthly_limit = 1000', 'monthly_limit = 50')
      .replace('parts_per_second = 20', 'parts_per_second = 7')
      .replace('orders@example.com', 'night@shop.example') },
  });
  const text = JSON.stringify(changed.toJSON());
  for (const variables of Object.values(variablesOf(changed))) {
    assert.equal(variables.SMS_SPENDING_LIMIT, '50.00');
    assert.equal(variables.SMS_PARTS_PER_SECOND, '7');
  }
  const alarms = Object.values(changed.findResources('AWS::CloudWatch::Alarm'));
  const thresholds = Object.fromEntries(alarms.map(({ Properties: p }) =>
    [p.AlarmName.split('-').at(-1), p.Threshold]));
  assert.equal(thresholds.AccountSpend80, 40);
  assert.equal(thresholds.Backlog, 15 * 60 * 7);
  assert.match(text, /"ses:FromAddress":"night@shop\.example"/);
});

test('variables of a function stay below the 4 KB that Lambda takes', () => {
  for (const environment of all) {
    // Names of tables, queues and topics are known after the deployment alone.
    const size = Object.entries(variablesOf(synthesise(environment))['order-processor']!)
      .reduce((sum, [name, value]) =>
        sum + name.length + (typeof value === 'string' ? Buffer.byteLength(value) : 200), 0);
    assert.ok(size < 4096, `${environment}: ${size}`);
  }
  assert.throws(() => synthesise('prod', { files: {
    'postrider.toml': replacing('# tracking_link = "https://shop.example/t/{order_id}"',
      `tracking_link = "https://shop.example/${'x'.repeat(3000)}"`),
  } }), /take \d+ octets as variables, and the functions have room for 2500/);
});

test('a setting that the shop\'s files have now is refused in settings.ts', () => {
  for (const environment of all) assert.doesNotThrow(() => settingsOf(environment));
  assert.throws(() => refuseUnknown({ ...settingsOf('prod'), smsMonthlyLimit: 50 }, 'prod'),
    /prod has smsMonthlyLimit, which belongs into infra\/settings\/prod\/postrider\.toml/);
});

test('the metadata of the template have the files, within what CloudFormation takes', () => {
  for (const environment of all) {
    const template = synthesise(environment).toJSON();
    assert.deepEqual(template.Metadata.PostriderSettings, Object.fromEntries(three.map((name) =>
      [name, read(shopFolder(environment), name)])));
    const size = Buffer.byteLength(JSON.stringify(template, null, 1));
    assert.ok(size < 1024 * 1024, `${environment}: ${size}`);
  }
});

/** What the CDK app leaves in its folder, or writes to stderr where it fails. */
function runApp(environment: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'postrider-app-'));
  try {
    const done = spawnSync(path.join(infra, 'node'), ['bin/postrider.ts'], {
      cwd: infra, encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({ environment, zips: 'optional' }) },
    });
    const file = path.join(folder, `SMSNotificationStack-${environment}.template.json`);
    return { status: done.status, stderr: done.stderr,
      template: done.status === 0 ? fs.readFileSync(file, 'utf8') : '' };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test('what GetTemplate has of the files is what they are: the template is ASCII', () => {
  const { template, stderr } = runApp('test');
  assert.match(template, /^[\0-\x7f]+$/, stderr);
  const texts = JSON.parse(template).Metadata.PostriderSettings['texts.toml'];
  assert.match(texts, /bestätigt/);
  assert.equal(texts, read(shopFolder('test'), 'texts.toml'));
});

test('a mistake in any of the files stops the synthesis with file and line', () => {
  for (const [name, change, mistake] of [
    ['postrider.toml', replacing('monthly_limit', 'montly_limit'),
      /postrider\.toml:\d+: there is no setting "sms\.montly_limit" \(did you mean "sms\.monthly_/],
    ['postrider.toml', replacing('Shop <orders@example.com>', 'Shop'),
      /postrider\.toml:\d+: email\.from = "Shop" is no address/],
    ['postrider.toml', replacing('carrier = "sns"', 'carrier = "end_user_messaging"'),
      /sms\.origination_identity must name a number, pool or sender/],
    ['texts.toml', () => '[de.shiped]\nsms = "x"\n',
      /texts\.toml:1: .*did you mean \[de\.shipped\]/],
    ['prices.toml', (text: string) => `${text}\n[[price]]\ncountry = "Germany"\nper_part = "1"\n`,
      /prices\.toml:\d+: country = "Germany" is no two-letter country/],
  ] as const) {
    assert.throws(() => synthesise('prod', { files: { [name]: change } }), mistake);
  }
  assert.throws(() => shopSettingsOf(path.join(infra, 'settings/moon')), /there is no such file/);
});

test('all mistakes are told at once', () => {
  assert.throws(() => shopOf('prod', {
    'postrider.toml': (text) => text.replace('per_hour = 10', 'per_hour = "ten"')
      .replace('unlisted = "refuse"', 'unlisted = "perhaps"'),
  }), /customer\.per_hour must be .*\n.*sms\.unlisted must be /);
});

test('a file that would not travel is refused', () => {
  const whole = path.join(shopFolder('prod'), 'prices.toml');
  for (const prices of [whole, '../prod/prices.toml', './prices.toml', 'more/prices.toml']) {
    assert.throws(() => shopOf('prod', {
      'postrider.toml': replacing('prices = "prices.toml"', `prices = "${prices}"`),
    }), /postrider\.toml:\d+: sms\.prices = .* must be the name of a file beside this one/);
  }
});

test('a file by another name travels too', () => {
  const shop = shopOf('prod', {
    'postrider.toml': replacing('"texts.toml"', '"our_texts.toml"'),
    'our_texts.toml': () => '# ours\n',
  });
  assert.deepEqual(Object.keys(shop.files).toSorted(),
    ['our_texts.toml', 'postrider.toml', 'prices.toml']);
});

test('without the program or the environment it is said what is missing', () => {
  const given = process.env.POSTRIDER;
  try {
    process.env.POSTRIDER = '/nowhere/postrider';
    assert.throws(() => shopOf('prod'), /no program \/nowhere\/postrider, which POSTRIDER names/);
    const { status, stderr } = runApp('dev');
    assert.equal(status, 2);
    assert.match(stderr, /^there is no program [^\n]*\n$/, 'no trace of the stack');
  } finally {
    if (given === undefined) delete process.env.POSTRIDER;
    else process.env.POSTRIDER = given;
  }
  assert.throws(() => settingsOf('production'),
    /no environment "production".*dev, staging, prod, test/);
});

test('the roles of the functions that the tests deploy are those of prod', () => {
  const roles = (environment: Environment) => Object.values(
    synthesise(environment).findResources('AWS::IAM::Role'))
    .filter(({ Properties: p }) => p.Description?.includes(': what '))
    .map(({ Properties: { Policies, AssumeRolePolicyDocument } }) =>
      JSON.stringify([Policies, AssumeRolePolicyDocument]).replaceAll(`-${environment}"`, '"'));
  assert.equal(roles('prod').length, 5);
  assert.deepEqual(roles('test'), roles('prod'));
});

test('what CDK takes of the settings is what the file says', () => {
  const { files: _files, variables: _variables, ...taken } = shopOf('prod', {
    'postrider.toml': (text) => byEndUserMessaging['postrider.toml'](text)
      .replace('type = "transactional"', 'type = "promotional"\nsender_id = "Our-Shop"')
      .replace('monthly_limit = 1000', 'monthly_limit = "50.50"'),
  });
  assert.deepEqual(taken, {
    carrier: 'end_user_messaging', originationIdentity: 'pool-0123456789abcdef0',
    senderId: 'Our-Shop', smsType: 'promotional', monthlyLimit: 50.5, partsPerSecond: 20,
    fromAddress: 'orders@example.com',
  });
});
