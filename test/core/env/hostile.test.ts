// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are what loaders put variables into.
import assert from 'node:assert/strict';
import { severalLines } from '../../../src/core/env/lines.ts';
import { readEnv } from '../../../src/core/env/read.ts';
import { cpuTime } from '../shared.ts';

describe('reading a .env', () => {
  it('takes no time by the square', () => {
    const start = cpuTime();
    for (const part of [
      '\n',
      'A="\n',
      "A='\\'\n",
      ' ',
      'A\n\n\n',
      '#\n',
      'A=${A:-\n',
      'export ',
      'A=x #\n',
      '"',
      'A="${\n',
    ]) {
      const text = part.repeat(Math.floor(300_000 / part.length));
      for (const loader of ['dotenv', 'compose', 'python', 'literal'] as const) {
        try {
          readEnv(text, loader);
        } catch {
          // A refusal is quick as well.
        }
      }
      severalLines(text);
    }
    assert.ok(cpuTime() - start < 8000, `${cpuTime() - start} ms`);
  });

  it('does not fill the memory with variables of variables', () => {
    const lines = ['A0=0123456789', ...Array.from({ length: 60 }, (_, i) => `A${i + 1}=\${A${i}}\${A${i}}`)];
    for (const loader of ['compose', 'python'] as const)
      assert.throws(() => readEnv(lines.join('\n'), loader), { code: 'TOO_LARGE' });
  });

  it('looks up nothing that an object has by itself', () => {
    assert.equal(readEnv('A=${constructor}', 'python').get('A'), '');
    assert.equal(readEnv('A=${constructor}', 'compose').get('A'), '');
  });
});
