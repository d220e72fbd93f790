// The imports among the files of lib: they go one way.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

/** By a file's name, the names of its neighbours that it imports. */
type Imports = ReadonlyMap<string, readonly string[]>;

const lib = path.join(import.meta.dirname, '../lib');

/** Imports of types count: who reads one file has to read the other. */
const neighboursIn = (text: string) =>
  [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"]\.\/([^'"]+)['"]/g)].map(([, name]) => name!);

const importsOf = (folder: string): Imports => new Map(fs.readdirSync(folder).map((name) =>
  [name, neighboursIn(fs.readFileSync(path.join(folder, name), 'utf8'))]));

/** The first circle, as the files on its way; empty: there is none. */
function circleIn(imports: Imports) {
  const done = new Set<string>();
  const from = (name: string, way: readonly string[]): readonly string[] => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return [];
    for (const next of imports.get(name) ?? []) {
      const circle = from(next, [...way, name]);
      if (circle.length > 0) return circle;
    }
    done.add(name);
    return [];
  };
  return [...imports.keys()].map((name) => from(name, [])).find(({ length }) => length > 0) ?? [];
}

test('no file of lib imports itself by way of others', () => {
  const imports = importsOf(lib);
  for (const neighbour of [...imports.values()].flat())
    assert.ok(imports.has(neighbour), neighbour);
  assert.ok(imports.get('functions.ts')?.includes('function_specs.ts'), 'imports are seen');
  assert.deepEqual(circleIn(imports), []);
});

test('the table of the functions imports nothing', () => {
  assert.deepEqual(importsOf(lib).get('function_specs.ts'), []);
});

test('a circle is found, whatever way an import is written', () => {
  assert.deepEqual(neighboursIn(`import { a,
    b } from './b.ts';
  import type { C } from './c.ts'; export * from "./d.ts"; import './e.ts'; await import('./f.ts');
  import * as fs from 'node:fs'; import { g } from '../g.ts';`),
  ['b.ts', 'c.ts', 'd.ts', 'e.ts', 'f.ts']);
  assert.deepEqual(circleIn(new Map([['a', ['b', 'c']], ['b', []], ['c', ['d']], ['d', ['c']]])),
    ['c', 'd', 'c']);
  assert.deepEqual(circleIn(new Map([['a', ['b', 'c']], ['b', ['d']], ['c', ['d']], ['d', []]])),
    []);
  assert.deepEqual(circleIn(new Map([['a', ['a']]])), ['a', 'a']);
});
