// What the shop decides for an environment, as the program `postrider` reads it from the files of
// infra/settings/<environment>: CDK reads no TOML.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refused } from './settings.ts';

/** The file of the settings; it names the others. */
export const settingsFile = 'postrider.toml';

export interface ShopSettings {
  /** The texts of the settings file and of the files that it names, by the files' names. */
  readonly files: { readonly [name: string]: string };
  /** The settings that differ from their defaults, as variables of a function's environment. */
  readonly variables: { readonly [name: string]: string };
  readonly carrier: 'sns' | 'end_user_messaging';
  /** A number, pool or sender of the account; empty: none. */
  readonly originationIdentity: string;
  readonly senderId: string;
  readonly smsType: 'transactional' | 'promotional';
  /** USD. */
  readonly monthlyLimit: number;
  /** SMS parts, over all functions; 0: no limit. */
  readonly partsPerSecond: number;
  /** The address that e-mails come from: "orders@example.com". */
  readonly fromAddress: string;
}

/** A setting as `postrider config show --json` prints it. */
interface Shown {
  readonly key: string;
  readonly value: string;
  readonly type: string;
  readonly differs: boolean;
  readonly variable: { readonly name: string; readonly value: string } | null;
}

/** A finding of `postrider doctor --json`. */
interface Finding {
  readonly status: 'ok' | 'warn' | 'fail';
  readonly finding: string;
}

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of an environment's files. */
export const shopFolder = (environment: string) =>
  path.join(project, 'infra/settings', environment);

/** Throws an error that has all mistakes in the files, each with its file and line. */
export function shopSettingsOf(folder: string): ShopSettings {
  const file = path.join(folder, settingsFile);
  const { checks } = answerOf<{ checks: readonly Finding[] }>('doctor', file);
  const mistakes = checks.filter(({ status }) => status === 'fail');
  if (mistakes.length > 0) throw new Refused(mistakes.map(({ finding }) => finding).join('\n'));

  const shown = answerOf<readonly Shown[]>('config show', file);
  const value = (key: string) => {
    const found = shown.find((each) => each.key === key);
    if (found === undefined) throw new Refused(`${program()} has no setting "${key}"`);
    return found.value;
  };
  return {
    files: filesOf(folder, shown),
    variables: Object.fromEntries(shown.flatMap(({ differs, variable }) =>
      differs && variable !== null ? [[variable.name, variable.value]] : [])),
    carrier: value('sms.carrier') as ShopSettings['carrier'],
    originationIdentity: value('sms.origination_identity'),
    senderId: value('sms.sender_id'),
    smsType: value('sms.type') as ShopSettings['smsType'],
    monthlyLimit: Number(value('sms.monthly_limit')),
    partsPerSecond: Number(value('sms.parts_per_second')),
    fromAddress: addressOf(value('email.from')),
  };
}

/** The settings file and those that it names, which the program takes only from its folder. */
function filesOf(folder: string, shown: readonly Shown[]) {
  const named = shown.filter(({ type, value }) => type === 'path' && value !== '');
  const names = [settingsFile, ...named.map(({ value }) => path.basename(value))];
  return Object.fromEntries(names.map((name) =>
    [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

/** The program that reads the files: $POSTRIDER, or the one that `make build` builds. */
function program() {
  const given = process.env.POSTRIDER;
  const file = given ? path.resolve(given) : path.join(project, 'build/release/postrider');
  if (fs.existsSync(file)) return file;
  throw new Refused(given
    ? `there is no program ${given}, which POSTRIDER names: it reads the shop's settings`
    : 'there is no build/release/postrider, which reads the shop\'s settings: "make build" ' +
      'builds it');
}

/** What the program answers as JSON; it runs in the project's folder, which paths begin in. */
function answerOf<Answer>(command: string, file: string): Answer {
  const done = spawnSync(program(), [...command.split(' '), '--json', '--home', 'aws', '--config',
    path.relative(project, file)], { cwd: project, encoding: 'utf8' });
  try {
    return JSON.parse(done.stdout) as Answer;
  } catch {
    throw new Refused(done.stderr?.trim() || `${program()} ${command} gave no answer: ` +
      (done.error?.message ?? `exit code ${done.status}`));
  }
}

/** "Shop <orders@example.com>" → "orders@example.com". */
const addressOf = (from: string) => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
