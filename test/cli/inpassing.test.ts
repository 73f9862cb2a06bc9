import assert from 'node:assert/strict';
import { join } from 'node:path';
import { backwards, startService } from '../node/keyservice/service.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const vault = 'https://vault.example.com:8200';

describe('a file with a key of Vault that is opened in passing', () => {
  let lab: Lab;
  let asked: string[];
  let service: Awaited<ReturnType<typeof startService>>;
  before(function () {
    skipFor(this, windows);
  });
  beforeEach(async () => {
    lab = new Lab();
    asked = [];
    const told = (method: string, request: Buffer) => {
      asked.push(method);
      return backwards(method, request);
    };
    service = await startService(told, join(lab.folder, 's.sock'));
    lab.write('secrets.yaml', 'password: canary-1\n');
    const words = ['encrypt', '-i', '--hc-vault-transit', `${vault}/v1/transit/keys/main`, 'secrets.yaml'];
    assert.equal((await run(words)).code, 0);
    asked = [];
  });
  afterEach(() => {
    service.close();
    lab.dispose();
  });
  const run = (words: readonly string[], VAULT_ADDR?: string) =>
    lab.run(words, {
      env: { SOPS_KEYSERVICE: service.uri, SOPS_ENABLE_LOCAL_KEYSERVICE: 'false', SOPS_AGE_KEY: undefined, VAULT_ADDR },
    });
  const inPassing = [['textconv', 'secrets.yaml'], ['check'], ['scan']];

  it('sends a token to no address but that of VAULT_ADDR: the file may be anybody’s', async () => {
    for (const words of inPassing) {
      await run(words);
      await run(words, 'https://vault.example.com');
      assert.deepEqual(asked, [], words[0]);
      await run(words, `${vault}/`);
      assert.deepEqual(asked.splice(0), ['Decrypt'], words[0]);
    }
    assert.match((await run(['textconv', 'secrets.yaml'], vault)).out, /Equal fingerprints/);
  });

  it('of the other side of a merge is asked for where one’s own side says', async () => {
    const [own, plain] = [lab.read('secrets.yaml'), 'password: canary-2\n'];
    const sides = { near: `${vault}/v1/transit/keys/other`, far: 'https://far.example.com/v1/transit/keys/main' };
    for (const [name, uri] of Object.entries(sides)) {
      for (const side of ['base', 'ours']) lab.write(side, own);
      lab.write('theirs.yaml', plain);
      assert.equal((await run(['encrypt', '-i', '--hc-vault-transit', uri, 'theirs.yaml'])).code, 0);
      asked = [];
      const { code, err } = await run(['merge-driver', 'base', 'ours', 'theirs.yaml', 'secrets.yaml']);
      assert.equal(asked.length, name === 'near' ? 2 : 1, `${name}: ${err}`);
      if (name === 'far') assert.deepEqual([code, lab.read('ours')], [1, own]);
    }
  });

  it('is opened as sops does it where the person names it', async () => {
    assert.equal((await run(['decrypt', 'secrets.yaml'])).out, 'password: canary-1\n');
  });
});
