import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seal } from '../../src/core/seal/seal.ts';
import { alice, clock } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('stale', () => {
  let lab: Lab;
  const none = { env: { SOPS_AGE_KEY: undefined } };
  const policy = (text: string) => {
    mkdirSync(join(lab.folder, '.lockstep'), { recursive: true });
    lab.write('.lockstep/policy.yaml', text);
  };

  beforeEach(async () => {
    lab = new Lab();
    const sealed = await seal('A=canary-1\nB=canary-2\n', 'dotenv', { recipients: [alice.recipient] }, clock);
    lab.write('a.env', sealed.text);
  });
  afterEach(() => lab.dispose());

  it('lists what is due, overdue and without an owner, without a key, and ends with 10', async () => {
    policy(
      'a.env:\n  A: { expires: 2026-11-20, owner: "Ada\\tL" }\n  B: { expires: 2026-11-30 }\n  C: { expires: never }\n',
    );
    const ran = await lab.run(['stale'], none);
    assert.equal(ran.code, 10);
    assert.deepEqual(ran.out.split('\n'), [
      'overdue since 2026-11-20\ta.env\tA\tAda\\u{9}L',
      'due on 2026-11-30\ta.env\tB',
      'no date\ta.env\tC\t\t.lockstep/policy.yaml:4',
      'no such entry\ta.env\tC\t\t.lockstep/policy.yaml:4',
      'without owner\ta.env\tB',
      '',
    ]);
    const json = JSON.parse((await lab.run(['stale', '--json'], none)).out);
    assert.deepEqual(json[1], { file: 'a.env', entry: 'B', why: 'due', expires: '2026-11-30', days: 9 });
    assert.ok(!ran.out.includes('canary'));
  });

  it('takes no days below 0', async () => {
    const ran = await lab.run(['stale', '--days', '-1']);
    assert.equal(ran.code, 1);
    assert.match(ran.err, /none below 0/);
  });

  it('is fine where nothing is stale, and where there is no policy', async () => {
    const without = await lab.run(['stale'], none);
    assert.equal(without.code, 0);
    assert.match(without.err, /There is no \.lockstep\/policy\.yaml/);
    assert.equal((await lab.run(['stale', '--json'], none)).out, '[]\n');
    policy('"*":\n  "*": { owner: all, expires: 2028-01-01 }\n');
    assert.deepEqual({ ...(await lab.run(['stale'], none)) }, { code: 0, out: '', err: '' });
  });

  it('says what is wrong with a policy that cannot be read, and with a file', async () => {
    policy('a.env:\n  A: [\n');
    const broken = await lab.run(['stale'], none);
    assert.equal(broken.code, 1);
    assert.match(broken.err, /policy\.yaml.*line 3/s);
    policy('a.env:\n  A: { owner: Ada }\n');
    lab.write('a.env', `${lab.read('a.env')}<<<<<<< ours\n`);
    const damaged = await lab.run(['stale'], none);
    assert.match(damaged.err, /a\.env: The file is damaged/);
    assert.equal(damaged.out, '');
    lab.write('.lockstep/policy.yaml', Buffer.from([0x61, 0xff, 0xfe]));
    assert.equal((await lab.run(['stale'], none)).code, 1);
  });
});
