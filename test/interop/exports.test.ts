// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are what programs put variables into.
import assert from 'node:assert/strict';
import { parse } from 'dotenv';
import type { TargetName } from '../../src/core/foreign/write/names.ts';
import type { Outgoing } from '../../src/core/foreign/write/target.ts';
import { exportText, problemsOf } from '../../src/core/foreign/write/write.ts';
import { Chance } from '../fuzz/chance.ts';
import { skipFor } from '../skip.ts';
import { askGo, cannotAskGo, cannotRun, has, inKestra, inShell, inSystemd } from './exports/readers.ts';
import { given } from './loaders/cases.ts';
import { ask, cannotAsk, loaderPrograms } from './loaders/tools.ts';

const corners = [
  ...[
    '',
    ' ',
    'plain',
    "it's",
    'say "hi"',
    '`tick`',
    `'"\``,
    'a\\',
    '\\',
    '\\n',
    'a\\nb',
    'x#y',
    'x #y',
    '#',
    ' lead',
    'trail ',
  ],
  ...[
    '$HOME',
    '${HOME}',
    '$(id)',
    '%{if}',
    '${',
    '$$',
    'a$',
    '\\$x',
    "'",
    '"',
    "''",
    '"a"',
    "'a'",
    '{{ x }}',
    '#{x}',
    '%20',
    '!y',
  ],
  ...[
    'line\nline',
    '\n',
    'a\n',
    '\r',
    'a\rb',
    'a\r\nb',
    '\t',
    '-----BEGIN-----\nMIIB\n-----END-----\n',
    'A=1\nB=2',
    "x'\ny",
  ],
  ...[
    'héllo',
    '日本語',
    '🔑',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\x7f',
    '\x1b[0m',
    '\x01',
    '\ufffe',
    '\u{1fffe}',
    'null',
    'yes',
    '1e3',
    '~',
    '- a',
    '01',
  ],
];
const signs = [...'ab1 =:#\'"`\\$(){}%!~-./\n\r\tnré🔑', '\\n', '${A}', '$A', '\\"', "\\'"];

function values(count: number): string[] {
  const chance = new Chance(7);
  const made = Array.from({ length: count }, () =>
    Array.from({ length: 1 + chance.below(9) }, () => chance.of(signs)).join(''),
  );
  return [...corners, ...made];
}

const entriesOf = (all: readonly string[]): Outgoing[] =>
  all.map((value, i) => ({ variable: `V${i}`, value, path: [`v${i}`] }));

/** The entries that the target can hold, and the text of them; `least`: the part of all that it has to hold. */
async function held(target: TargetName, least: number) {
  const all = entriesOf(values(600));
  const no = new Set(problemsOf(target, all).map(({ variable }) => variable));
  const some = all.filter(({ variable }) => !no.has(variable));
  assert.ok(some.length >= all.length * least, `${target} holds ${some.length} of ${all.length}`);
  return {
    some,
    text: await exportText(target, some),
    expected: Object.fromEntries(some.map((one) => [one.variable, one.value])),
  };
}

describe('an export is read by the program that it is for, value by value', function () {
  this.timeout(120_000);

  it('dotenv of npm', async () => {
    const { text, expected } = await held('dotenv', 0.95);
    assert.deepEqual({ ...parse(text) }, expected);
  });

  it('python-dotenv', async function () {
    skipFor(this, cannotAsk(loaderPrograms.python));
    const { text, expected } = await held('python', 0.85);
    assert.deepEqual(ask(loaderPrograms.python, [given(text)])[0], expected);
  });

  it('docker compose', async function () {
    skipFor(this, cannotAsk(loaderPrograms.compose));
    const { text, expected } = await held('compose', 0.95);
    assert.deepEqual(ask(loaderPrograms.compose, [given(text)])[0], expected);
  });

  it('one .env is for all three wherever one spelling will do', async function () {
    const { compose, python } = loaderPrograms;
    skipFor(this, cannotAsk(compose) ?? cannotAsk(python));
    const all = entriesOf([
      '',
      'plain',
      'x#y z',
      'say "hi"',
      '-----BEGIN-----\nMIIB\n-----END-----\n',
      '$HOME',
      '!',
      'tab\t.',
    ]);
    const text = await exportText('dotenv', all);
    const expected = Object.fromEntries(all.map((one) => [one.variable, one.value]));
    for (const found of [{ ...parse(text) }, ask(compose, [given(text)])[0], ask(python, [given(text)])[0]])
      assert.deepEqual(found, expected);
  });

  for (const [target, least] of [
    ['docker', 0.4],
    ['github', 0.9],
    ['tfvars', 1],
    ['yaml', 1],
  ] as const)
    it(`${target}: its parser in Go`, async function () {
      skipFor(this, cannotAskGo());
      const { text, expected } = await held(target, least);
      assert.deepEqual(askGo([{ format: target, text }])[0], expected);
    });

  it('JSON', async () => {
    const { text, expected } = await held('json', 1);
    assert.deepEqual(JSON.parse(text), expected);
    const names = entriesOf(['x']).map((one) => ({ ...one, variable: '__proto__' }));
    assert.deepEqual(Object.entries(JSON.parse(await exportText('json', names))), [['__proto__', 'x']]);
  });

  it('GitLab', async () => {
    const { text, expected } = await held('gitlab', 1);
    const found = JSON.parse(text) as { key: string; value: string; masked: boolean; raw: boolean }[];
    assert.deepEqual(Object.fromEntries(found.map(({ key, value }) => [key, value])), expected);
    assert.ok(found.every(({ raw, masked, value }) => raw && (!masked || /^\S{8,}$/.test(value))));
  });

  it('a Secret of Kubernetes', async function () {
    skipFor(this, cannotAskGo());
    const { some, expected } = await held('kubernetes', 1);
    const text = await exportText('kubernetes', some, { name: 'app' });
    assert.deepEqual(askGo([{ format: 'kubernetes', text }])[0], { ...expected, '': 'v1 Secret app Opaque' });
  });

  it('secrets of a Compose file', async function () {
    skipFor(this, cannotAskGo());
    const { some, text } = await held('compose-secrets', 1);
    const names = Object.fromEntries(some.map(({ variable }) => [variable, variable]));
    assert.deepEqual(askGo([{ format: 'compose-secrets', text }])[0], names);
  });

  it('the maps of an Anvil App Server', async function () {
    skipFor(this, cannotAskGo());
    const key = { variable: 'K', path: ['encryption-key', 'at rest'], value: 'EBESExQVFhcYGRobHB0eHw==' };
    const { some, expected } = await held('anvil', 1);
    const text = await exportText('anvil', [...some, key]);
    assert.deepEqual(askGo([{ format: 'anvil', text }])[0], {
      secret: expected,
      'encryption-key': { 'at rest': key.value },
    });
  });

  it('shells', async () => {
    const shells = ['sh', 'bash', 'zsh'].filter(has);
    assert.ok(shells.length > 0);
    const { text, expected } = await held('shell', 1);
    for (const shell of shells) {
      const found = inShell(shell, text);
      assert.ok(typeof found !== 'string', String(found));
      for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, `${shell} ${name}`);
    }
  });

  it('systemd', async function () {
    skipFor(this, cannotRun('systemd-tmpfiles'));
    const { some } = await held('systemd', 0.6);
    // One process for each, so not for all.
    for (const { value } of some.filter(({ value }, i) => value !== '' && (i < corners.length || i % 20 === 0))) {
      const line = await exportText('systemd', [{ variable: 'ID', value, path: ['id'] }]);
      assert.equal(inSystemd(line), value, JSON.stringify(value));
    }
  });

  it('Kestra', async function () {
    skipFor(this, cannotRun('java') ?? cannotAskGo());
    const { text, expected } = await held('kestra', 1);
    const found = askGo([{ format: 'kestra', text }])[0] as Record<string, string>;
    const names = Object.keys(found);
    const decoded = inKestra(names.map((name) => found[name] ?? ''));
    assert.deepEqual(Object.fromEntries(names.map((name, i) => [name.replace(/^SECRET_/, ''), decoded[i]])), expected);
  });
});
