import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { seal } from '../../src/core/seal/seal.ts';
import { showPath } from '../../src/core/tree/path.ts';
import { text } from '../../src/core/tree/value.ts';
import { setValue } from '../core/changes.ts';
import { alice, clock, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

describe('the diff of one changed value', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  /** The words that git says were taken out and put in. */
  const words = (): { out: string[]; in: string[] } => {
    const args = [
      'diff',
      '--no-index',
      '--word-diff=porcelain',
      '--word-diff-regex=[^ \\n]+',
      '-U0',
      'old.yaml',
      'new.yaml',
    ];
    const { stdout, status } = spawnSync('git', args, { cwd: bench.folder, encoding: 'utf8' });
    assert.equal(status, 1, 'git finds a difference');
    const body = stdout.split('\n').filter((line) => !/^(\+\+\+|---|@@|diff|index)/.test(line));
    const of = (sign: string) => body.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
    return { out: of('-'), in: of('+') };
  };

  it('is three places of a 300-line YAML file: the value, lastmodified and mac', async () => {
    const groups = Array.from(
      { length: 60 },
      (_, i) =>
        `group_${i}:\n    # note ${i}\n    user: 'user ${i}'\n    port: ${5000 + i}\n    "pass": "p ${i}" # inline`,
    );
    const source = `${groups.join('\n')}\n`;
    assert.equal(source.split('\n').length - 1, 300);
    const { text: old } = await seal(source, 'yaml', { recipients: [alice.recipient] }, clock);
    const opened = await reopen(old, 'yaml');
    const leaf = opened.sealed.leaves.find((one) => showPath(one.path) === 'group_31.pass') ?? assert.fail();
    const { text: after, edits } = await setValue(opened, leaf.id, text('changed'), later);
    assert.equal(edits.length, 3);
    bench.write('old.yaml', old);
    bench.write('new.yaml', after);
    const changed = words();
    const kinds = (found: string[]) =>
      found.map((word) =>
        /type:str\]"$/.test(word)
          ? 'value'
          : /^"\d{4}-/.test(word)
            ? 'lastmodified'
            : /type:str\]$/.test(word)
              ? 'mac'
              : word,
      );
    assert.deepEqual(kinds(changed.out), ['value', 'lastmodified', 'mac']);
    assert.deepEqual(kinds(changed.in), ['value', 'lastmodified', 'mac']);
  });
});
