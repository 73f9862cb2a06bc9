import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Lab } from '../cli/lab.ts';
import { alice } from '../core/support.ts';
import { sopsPath } from './tools.ts';

/** dotenv and INI hold texts only; sops seals numbers and booleans there with their type, by `set` or out of JSON. */
const values = ['5', '-7', '1.5', 'true', 'false', '"text"'];

describe('values with a type in a format without types', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const sops = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(sopsPath, args, { cwd: lab.folder, env: lab.env(), encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const ours = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await lab.run(args);
    assert.equal(code, 0, err);
    return out;
  };

  for (const [name, plain, path] of [
    ['a.env', 'A=one\nB=two\n', '["A"]'],
    ['a.ini', '[s]\nA = one\nB = two\n', '["s"]["A"]'],
  ] as const) {
    for (const value of values) {
      it(`${name}: ${value} is printed as sops prints it, and edited around`, async () => {
        lab.write(name, plain);
        sops('encrypt', '-i', '--age', alice.recipient, name);
        sops('set', name, path, value);
        const printed = sops('decrypt', name);
        assert.equal(await ours('decrypt', name), printed);
        assert.equal((await lab.run(['edit', name], { env: { EDITOR: `sed -i 's/two/drei/'` } })).code, 0);
        assert.equal(sops('decrypt', name), printed.replace('two', 'drei'));
        await ours('decrypt', '-i', name);
        assert.equal(lab.read(name), printed.replace('two', 'drei'));
      });
    }
  }
});
