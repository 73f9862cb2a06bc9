import assert from 'node:assert/strict';
import { seal } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { text } from '../../../src/core/tree/value.ts';
import { setValue } from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';

const plain = 'ONE=first\nTWO=second\nTHREE_unencrypted=third\n';

async function sealed(source = plain): Promise<string> {
  return (await seal(source, 'dotenv', { recipients: [alice.recipient] }, clock)).text;
}

/** What becomes of a text that somebody without a key has changed. */
async function judged(tampered: string): Promise<string> {
  const opened = await reopen(tampered, 'dotenv');
  if (opened.verdict.ok) return 'ok';
  const [leaf] = opened.sealed.leaves;
  await assert.rejects(setValue(opened, leaf?.id ?? '', text('x'), later), { code: 'EDIT_LOCKED' });
  return opened.verdict.code;
}

describe('a file that somebody tampered with', () => {
  it('is noticed by values that are swapped, each of which opens where it was', async () => {
    const file = await sealed();
    const [one, two] = ['ONE', 'TWO'].map((name) => new RegExp(`^${name}=(.*)$`, 'm').exec(file)?.[1] ?? '');
    assert.equal(await judged(file), 'ok');
    assert.equal(await judged(file.replace(one!, '§').replace(two!, one!).replace('§', two!)), 'VALUE_DAMAGED');
    assert.equal(await judged(file.replace(two!, one!)), 'VALUE_DAMAGED');
  });

  it('is noticed without a MAC, and with that of another file or time', async () => {
    const file = await sealed();
    const mac = /^sops_mac=.*$/m.exec(file)?.[0] ?? '';
    assert.equal(await judged(file.replace(`${mac}\n`, '')), 'MAC_MISSING');
    assert.equal(await judged(file.replace(/^sops_mac=.*$/m, 'sops_mac=none')), 'MAC_DAMAGED');
    assert.equal(await judged(file.replace(/^(sops_lastmodified=20)26/m, '$125')), 'MAC_DAMAGED', 'lastmodified');
    const other = await setValue(await reopen(file, 'dotenv'), '[0,"ONE"]', text('other'), clock);
    const otherMac = /^sops_mac=.*$/m.exec(other.text)?.[0] ?? '';
    assert.equal(await judged(file.replace(mac, otherMac)), 'MAC_MISMATCH');
  });

  it('is noticed by a value in clear text, by an entry that is gone, and by one that came', async () => {
    const file = await sealed();
    assert.equal(await judged(file.replace('=third', '=other')), 'MAC_MISMATCH');
    assert.equal(await judged(file.replace(/^TWO=.*\n/m, '')), 'MAC_MISMATCH');
    assert.equal(await judged(`FOUR_unencrypted=x\n${file}`), 'MAC_MISMATCH');
    assert.equal(await judged(file.replace(/^TWO=.*$/m, 'TWO=clear')), 'VALUE_DAMAGED');
  });
});

describe('ciphertext', () => {
  it('of one value is never the same twice, nor is the nonce', async () => {
    const same = Array.from({ length: 20 }, (_, i) => `K${i}=the same\n`).join('');
    const texts = [await sealed(same), await sealed(same)].join('');
    for (const part of ['iv', 'data']) {
      const found = [...texts.matchAll(new RegExp(`^K\\d+=.*\\b${part}:([^,]+)`, 'gm'))].map((one) => one[1]);
      assert.equal(found.length, 40);
      assert.equal(new Set(found).size, 40, part === 'iv' ? 'a nonce came twice' : 'a ciphertext came twice');
    }
  });
});

describe('a selector', () => {
  const clear: Readonly<
    Record<string, readonly [selector: ReturnType<typeof makeSelector>, names: readonly string[]]>
  > = {
    'by the end of a name': [makeSelector('unencrypted_suffix', '_open'), ['a_open']],
    'by the other end': [makeSelector('encrypted_suffix', '_open'), ['b_open_c', 'open_d', 'e']],
    'by a pattern': [makeSelector('unencrypted_regex', '^open'), ['open_d']],
    'by the other pattern': [makeSelector('encrypted_regex', '^open'), ['a_open', 'b_open_c', 'e']],
  };
  for (const [name, [selector, names]] of Object.entries(clear)) {
    it(`${name} leaves in clear text what it says, and nothing else`, async () => {
      const source = 'a_open=value-a\nb_open_c=value-b\nopen_d=value-d\ne=value-e\n';
      const file = (await seal(source, 'dotenv', { recipients: [alice.recipient], selector }, clock)).text;
      assert.deepEqual(
        [...file.matchAll(/^(\w+)=value-\w$/gm)].map((one) => one[1]),
        names,
      );
    });
  }
});
