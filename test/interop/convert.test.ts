import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Lab } from '../cli/lab.ts';
import { alice, bob } from '../core/support.ts';
import { Bench } from './tools.ts';

const deep =
  '# note\na: one\nb: 2\nc: 2.5\nd: true\ne: null\nlist:\n    - x\n    - y: z\n    - []\nmap: {}\nopen_unencrypted: seen\n';
const flat = 'a: one\nb: two words\nempty: ""\nopen_unencrypted: seen\n';
const env = '# note\nA=one\nB=two\\nlines\nEMPTY=\nOPEN_unencrypted=seen\n';
const ini = '; note\n[first]\nname = example\nopen_unencrypted = seen\n\n[second]\nname = other\n';
const json = '{\n\t"a": [1, 2.5, "x", {"b": null}],\n\t"c": "d"\n}\n';
const cases: readonly (readonly [from: string, text: string, to: string, path: string])[] = [
  ['yaml', deep, 'json', '["a"]'],
  ['yaml', flat, 'dotenv', '["a"]'],
  ['json', json, 'yaml', '["c"]'],
  ['dotenv', env, 'yaml', '["A"]'],
  ['dotenv', env, 'json', '["A"]'],
  ['ini', ini, 'yaml', '["first"]["name"]'],
  ['ini', ini, 'json', '["first"]["name"]'],
];

describe('a change that also changes the format', function () {
  this.timeout(120_000);
  const [ending, only] = [
    { yaml: 'yaml', json: 'json', dotenv: 'env', ini: 'ini' },
    ['--encrypted-regex', '^(a|A|name)$'],
  ];
  let bench: Bench;
  let lab: Lab;
  before(() => {
    bench = new Bench();
    lab = new Lab();
  });
  after(() => {
    bench.dispose();
    lab.dispose();
  });

  /** The metadata that stays: for whom, and what is encrypted. */
  const kept = (text: string) =>
    [...text.matchAll(/age1[a-z0-9]{50,}|\^\(a\|A\|name\)\$|_unencrypted(?=["\n])/g)].map(([one]) => one).sort();

  for (const [from, text, to, path] of cases)
    for (const flags of [[], only])
      it(`set --output-type ${to} of ${from} ${flags.join(' ')}`, async () => {
        const name = `x.${ending[from as keyof typeof ending]}`;
        bench.write(name, text);
        const sealed = bench.sops(['encrypt', '--age', `${alice.recipient},${bob.recipient}`, ...flags, name]);
        bench.write(name, sealed);
        lab.write(name, sealed);
        const words = ['set', '--output-type', to, name, path, '"new"'];
        bench.sops(words);
        const ran = await lab.run(words);
        assert.equal(ran.code, 0, ran.err);
        const [their, our] = [readFileSync(`${bench.folder}/${name}`, 'utf8'), lab.read(name)];
        assert.deepEqual(kept(our), kept(their));
        bench.write('ours', our);
        for (const { identity } of [alice, bob]) {
          const opened = (file: string) =>
            bench.sops(['decrypt', '--input-type', to, '--output-type', 'json', file], identity);
          assert.deepEqual(JSON.parse(opened('ours')), JSON.parse(opened(name)));
        }
        const clear = (sealedText: string) => /seen/.test(sealedText);
        assert.equal(clear(our), clear(their), 'what is in clear text');
        const again = await lab.run(['decrypt', '--input-type', to, '--output-type', to, name]);
        assert.equal(again.code, 0, again.err);
      });

  it('keeps key groups', async () => {
    const groups = [alice, bob].map(({ recipient }) => `      - age: [${recipient}]\n`).join('');
    bench.write('rules', `creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n${groups}`);
    bench.write('g.yaml', deep);
    lab.write('g.yaml', bench.sops(['--config', 'rules', 'encrypt', 'g.yaml']));
    const both = { SOPS_AGE_KEY: `${alice.identity}\n${bob.identity}` };
    const ran = await lab.run(['unset', '--output-type', 'json', 'g.yaml', '["b"]'], { env: both });
    assert.equal(ran.code, 0, ran.err);
    const path = bench.write('g.json', lab.read('g.yaml'));
    assert.notEqual(bench.trySops(['decrypt', path]).status, 0);
    assert.equal(JSON.parse(bench.sops(['decrypt', path], both.SOPS_AGE_KEY)).b, undefined);
  });

  it('is refused where the format cannot hold it, and changes nothing', async () => {
    bench.write('n.yaml', deep);
    const sealed = bench.sops(['encrypt', '--age', alice.recipient, 'n.yaml']);
    lab.write('n.yaml', sealed);
    for (const to of ['dotenv', 'ini']) {
      const { code, err } = await lab.run(['set', '--output-type', to, 'n.yaml', '["a"]', '"x"']);
      assert.equal(code, 4, err);
      assert.match(err, /^lockstep: n\.yaml: /);
      assert.equal(lab.read('n.yaml'), sealed);
    }
    lab.write('bad.yaml', sealed.replace('seen', 'other'));
    assert.equal((await lab.run(['set', '--output-type', 'json', 'bad.yaml', '["a"]', '"x"'])).code, 51);
    bench.write('n.bin', deep);
    lab.write('n.bin', bench.sops(['encrypt', '--age', alice.recipient, 'n.bin']));
    const { code, err } = await lab.run(['rotate', '--output-type', 'yaml', 'n.bin']);
    assert.equal(code, 4, err);
    assert.match(err, /A binary file has no names and values/);
  });
});
