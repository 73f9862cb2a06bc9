import assert from 'node:assert/strict';
import type { LockstepError } from '../../../src/core/errors.ts';
import { readManagersConfig } from '../../../src/core/managers/config.ts';

describe('managers.yaml', () => {
  it('names programs, their first words, and what is off', () => {
    const { programs, seconds } = readManagersConfig(
      'op: [/usr/local/bin/op, --account, work]\nvault: bao\nbw: off\naws-sm: "C:\\\\bin\\\\aws.exe"\ngcp-sm: false\nseconds: 5\n',
    );
    assert.deepEqual(programs.get('op'), ['/usr/local/bin/op', '--account', 'work']);
    assert.deepEqual(programs.get('vault'), ['bao']);
    assert.deepEqual([programs.get('bw'), programs.get('gcp-sm')], ['off', 'off']);
    assert.deepEqual(programs.get('aws-sm'), ['C:\\bin\\aws.exe']);
    assert.equal(seconds, 5);
  });

  it('may be empty', () => {
    assert.equal(readManagersConfig('').programs.size, 0);
    assert.equal(readManagersConfig('# nothing\n').seconds, 60);
  });

  it('is refused with the line of what cannot be', () => {
    const bad: readonly (readonly [string, number])[] = [
      ['op: /bin/op\nlastpass: lpass\n', 2],
      ['op: ./op\n', 1],
      ['op: tools/op\n', 1],
      ['op: []\n', 1],
      ['op: [op, 5]\n', 1],
      ['op: {}\n', 1],
      ['op: on\nseconds: 1000\n', 2],
      ['seconds: soon\n', 1],
      ['op: true\n', 1],
      ['- op\n', 1],
      ['op: "a\\0b"\n', 1],
      ['op: a\nop: b\n', 2],
    ];
    for (const [text, line] of bad)
      assert.throws(
        () => readManagersConfig(text),
        ({ code, place }: LockstepError) =>
          JSON.stringify([code, place]) === JSON.stringify(['MANAGER', { what: 'config', line }]),
        text,
      );
  });
});
