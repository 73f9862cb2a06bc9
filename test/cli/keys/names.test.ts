import assert from 'node:assert/strict';
import { alice, bob, carol } from '../../core/support.ts';
import { Lab } from '../lab.ts';

describe('names of recipients on the command line', () => {
  let lab: Lab;
  before(async () => {
    lab = new Lab();
    lab.write('a.yaml', 'name: canary\n');
    lab.write(
      '.sops.yaml',
      `creation_rules:\n  - age:\n      - ${alice.recipient} # Alice\n      - ${bob.recipient} # Bob \u202e\n`,
    );
    assert.equal((await lab.run(['encrypt', '-i', 'a.yaml'])).code, 0);
  });
  after(() => lab.dispose());

  it('stand behind them wherever they are listed', async () => {
    const bobs = `${bob.recipient} # Bob \\u{202e}`;
    const { out } = await lab.run(['recipients', 'list', 'a.yaml']);
    assert.equal(out, `${alice.recipient} # Alice\n${bobs}\n`);
    assert.match((await lab.run(['rules', 'explain', 'a.yaml'])).out, /For:\n {2}age1\S+ # Alice\n/);
    const { err } = await lab.run(['rotate', 'a.yaml']);
    assert.match(err, /The new data key is for:\n {2}age1\S+ # Alice \(yours\)\n/);
    assert.ok(err.includes(bobs));
    lab.write(
      '.sops.yaml',
      `creation_rules:\n  - age: ${alice.recipient},${carol.recipient}\n# Carol: ${carol.recipient}\n`,
    );
    const update = ['updatekeys', '-y', 'a.yaml'];
    assert.match(
      (await lab.run(update)).out,
      new RegExp(`\\n\\+\\+\\+ ${carol.recipient} # Carol\n--- ${bob.recipient}\n$`),
    );
  });

  it('are none under the name sops, and where the config cannot be read', async () => {
    const explain = await lab.run(['updatekeys', '-y', 'a.yaml'], { name: 'sops' });
    assert.doesNotMatch(explain.out, /Carol/);
    lab.write('.sops.yaml', Uint8Array.of(0xff, 0xfe, 0x80));
    assert.equal((await lab.run(['recipients', 'list', 'a.yaml'])).out, `${alice.recipient}\n${carol.recipient}\n`);
  });
});
