// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are what dotenvx would expand.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '../../src/core/bytes.ts';
import { change } from '../../src/core/change/change.ts';
import type { Step } from '../../src/core/change/intent.ts';
import { readDotenvx } from '../../src/core/dotenvx/file.ts';
import { secretFor } from '../../src/core/dotenvx/keys.ts';
import { openDotenvxFile } from '../../src/core/dotenvx/open.ts';
import { exportText } from '../../src/core/foreign/write/write.ts';
import { sealDotenvx } from '../../src/core/tokens/dotenvx.ts';
import { text as textScalar } from '../../src/core/tree/value.ts';
import { clock } from '../core/support.ts';
import { skipFor } from '../skip.ts';
import { cannotRunDotenvx, dotenvxProgram } from './exports/dotenvx.ts';

const values = [
  ...[
    '',
    ' ',
    'plain',
    "it's",
    'say "hi"',
    '`tick`',
    '\'"`',
    'a\\',
    '\\n',
    '#',
    'x #y',
    ' lead',
    'trail ',
    '$HOME',
    '${HOME:-x}',
  ],
  ...[
    '$(id)',
    'a$',
    '\\$x',
    '$$',
    'line\nline',
    '\n',
    '\r\n',
    '\t',
    'héllo 🔑',
    '{{x}}',
    '%7B',
    'a=b',
    '-----BEGIN-----\nMIIB\n',
  ],
];
const expected = Object.fromEntries(values.map((value, i) => [`V${i}`, value]));

describe('a .env of dotenvx and dotenvx itself', function () {
  this.timeout(120_000);
  let folder: string;
  before(function () {
    skipFor(this, cannotRunDotenvx());
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-dotenvx-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const dotenvx = (...words: string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder };
    const ran = spawnSync(process.execPath, [dotenvxProgram, ...words], { cwd: folder, env, encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  };
  const got = () => {
    const { DOTENV_PUBLIC_KEY: _, ...found } = JSON.parse(dotenvx('get')) as Record<string, string>;
    return found;
  };
  const openFile = async () => {
    const sealed = readDotenvx(read('.env'));
    const secret = secretFor(read('.env.keys'), sealed.metadata.recipients[0] ?? '');
    assert.ok(secret !== undefined, 'the key is found by its public key');
    return openDotenvxFile(sealed, secret);
  };

  it('what it encrypted we open, and what we put in there it reads; nothing is expanded', async () => {
    write('.env', "FIRST='one $(id)'\nSECOND=two # why\nTHIRD_PLAIN=x\n");
    dotenvx('encrypt');
    const opened = await openFile();
    const value = (name: string) => opened.value(`[0,"${name}"]`);
    assert.deepEqual([value('FIRST'), value('SECOND')], [textScalar('one $(id)'), textScalar('two')]);
    const added = values.map((one, i): Step => {
      const scalar = textScalar(one);
      return { kind: 'add', to: { group: '[0]' }, members: [{ key: `V${i}`, value: { kind: 'scalar', scalar } }] };
    });
    const set: Step = { kind: 'set', id: '[0,"SECOND"]', value: textScalar('new $HOME') };
    write('.env', (await change(opened, [set, ...added], clock)).text);
    assert.deepEqual(got(), { FIRST: 'one $(id)', SECOND: 'new $HOME', THIRD_PLAIN: 'x', ...expected });
    dotenvx('set', 'LATER', 'three');
    assert.deepEqual((await openFile()).value('[0,"LATER"]'), textScalar('three'));
  });

  it('what we export for its public key it reads', async () => {
    write('.env', 'A=1\n');
    dotenvx('encrypt');
    const [publicKey = ''] = readDotenvx(read('.env')).metadata.recipients;
    const entries = Object.entries(expected).map(([variable, value]) => ({ variable, value, path: [variable] }));
    const seal = (value: string) => sealDotenvx(utf8(value), publicKey);
    write('.env', await exportText('dotenvx', entries, { publicKey, seal }));
    assert.deepEqual(got(), expected);
  });
});
