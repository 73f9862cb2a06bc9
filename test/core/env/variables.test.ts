import assert from 'node:assert/strict';
import { differingNames } from '../../../src/core/env/differences.ts';
import type { Loader } from '../../../src/core/env/read.ts';
import { oddNames, variablesOf } from '../../../src/core/env/variables.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { open } from '../../../src/core/open/open.ts';
import { systemClock } from '../../../src/core/ports.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, keyringOf } from '../support.ts';

async function variables(text: string, format: FormatId, loader?: Loader, around?: Record<string, string>) {
  const sealed = await seal(text, format, { recipients: [alice.recipient] }, systemClock);
  const opened = await open(readSealed(sealed.text, format), await keyringOf(alice.identity));
  try {
    return { ...(await variablesOf(opened, loader, around)) };
  } finally {
    opened.dispose();
  }
}

describe('a file as environment variables', () => {
  it('has its values as they stand, as sops gives them', async () => {
    assert.deepEqual(await variables(`A="x" # y\nB=a\\nb\n`, 'dotenv'), { A: '"x" # y', B: 'a\nb' });
    assert.deepEqual(await variables('A: 1\nB: true\nC: null\nD: 1.50\n---\nE: x\n', 'yaml'), {
      A: '1',
      B: 'true',
      C: '<nil>',
      D: '1.5',
    });
  });

  it('has what a loader reads, which is told no variable of sops', async () => {
    const text = `A="x" # y\nB=\${HOME}\nC=\${SOPS_AGE_KEY}\n`;
    const around = { HOME: '/home/me', SOPS_AGE_KEY: 'canary', sops_age_key: 'canary' };
    assert.deepEqual(await variables(text, 'dotenv', 'compose', around), { A: 'x', B: '/home/me', C: '' });
    assert.equal((await variables(text, 'dotenv', 'literal', around)).B, `\${HOME}`);
  });

  it('has no prototype, and no name or value that no environment can hold', async () => {
    assert.deepEqual(Object.keys(await variables('__proto__: x\n', 'yaml')), ['__proto__']);
    for (const [text, code] of [
      ['A=B: x\n', 'BAD_NAME'],
      ['"": x\n', 'BAD_NAME'],
      ['A: "\\0"\n', 'BAD_VALUE'],
      ['A: {B: x}\n', 'BAD_VALUE'],
      ['A: [x]\n', 'BAD_VALUE'],
    ] as const)
      await assert.rejects(variables(text, 'yaml'), { code }, text);
  });

  it('has names that no shell can hold, and says which', () => {
    assert.deepEqual(oddNames(['A', 'a-b', '1', '_x1', 'a.b', '']), ['a-b', '1', 'a.b', '']);
  });

  it('says which entries a loader reads differently, by the reason', () => {
    const found = differingNames([
      ['A', 'x'],
      ['B', '"x"'],
      ['C', "'y' # z"],
      ['D', '$x'],
    ]);
    assert.deepEqual(
      [...found],
      [
        ['quotes', ['B', 'C']],
        ['comment', ['C']],
        ['interpolation', ['D']],
      ],
    );
  });
});
