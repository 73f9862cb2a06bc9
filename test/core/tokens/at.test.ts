import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareSpan, valueAt } from '../../../src/core/tokens/at.ts';
import { cpuTime, fixtures } from '../shared.ts';

const vectors = JSON.parse(readFileSync(join(fixtures, 'token-vectors.json'), 'utf8'));
const { flet_600k: flet, flowfile, dotenvx, rails, ansible, age_x25519: age } = vectors;

describe('the value around a place of a text', () => {
  const found = (text: string, at: number) => {
    const span = valueAt(text, at);
    return span && text.slice(span.start, span.end);
  };
  const values: readonly string[] = [
    flet.ciphertext,
    flet.token,
    flowfile.stored,
    dotenvx.values.HELLO[0],
    rails.file,
    'ENC[AES256_GCM,data:a=,iv:b=,tag:c==,type:str]',
    ansible.v12.trimEnd(),
    age.armored.trimEnd(),
  ];
  for (const value of values)
    it(`from ${JSON.stringify(value.slice(0, 12))}, wherever in it the cursor is`, () => {
      for (const [before, after] of [
        ['', ''],
        ['KEY=', '\nOTHER=1'],
        ['x = ["', '", 1]\n'],
        ['a\r\nb: ', '\r\nc: d'],
      ] as const) {
        if (value.startsWith('$ANSIBLE') && after.startsWith('"')) continue;
        const text = `${before}${value}${after}`;
        for (const at of [0, 1, Math.floor(value.length / 2), value.length])
          assert.equal(found(text, before.length + at), value, `${JSON.stringify(before)} ${at}`);
      }
      assert.equal(found(`one two\n\n${value}\n\nthree`, 2), undefined);
    });

  it('of two on a line, the one that the cursor is in', () => {
    const [first, second] = [dotenvx.values.HELLO[0], dotenvx.values.EMPTY[0]];
    const line = `A=${first} B=${second}`;
    assert.equal(found(line, 20), first);
    assert.equal(found(line, line.length - 3), second);
  });

  it('an indented block of a YAML file', () => {
    const block = ansible.v11.trimEnd().replaceAll('\n', '\n          ');
    const text = `password: !vault |\n          ${block}\nother: 1\n`;
    assert.equal(found(text, text.indexOf('31', 80)), block);
  });

  it('takes no long time for texts that are made for that', () => {
    for (const part of [
      'ENC[AES256_GCM,',
      '$ANSIBLE_VAULT;',
      'gAAAAA',
      '-----BEGIN AGE ENCRYPTED FILE-----\n',
      'a--',
      'A/',
    ])
      for (const text of [part.repeat(1_000_000 / part.length), `${part}\n`.repeat(500_000 / part.length)]) {
        const start = cpuTime();
        valueAt(text, Math.floor(text.length / 2));
        assert.ok(cpuTime() - start < 2000, `${part}: ${Math.round(cpuTime() - start)} ms`);
      }
  });

  it('is the selected text without space and quotes around it', () => {
    const bare = (text: string) => {
      const { start, end } = bareSpan(`<${text}>`, { start: 1, end: text.length + 1 });
      return `<${text}>`.slice(start, end);
    };
    const pairs = {
      ' a b ': 'a b',
      '"a"': 'a',
      " 'a b'\n": 'a b',
      '`a`': 'a',
      '"a': '"a',
      '""': '""',
      '': '',
      '"a\'': '"a\'',
    };
    for (const [text, wanted] of Object.entries(pairs)) assert.equal(bare(text), wanted, text);
  });
});
