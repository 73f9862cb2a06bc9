import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Lab } from '../cli/lab.ts';
import { personOf, plainOf, type Team, teamOf, writeTeam } from '../fakes/team.ts';
import { sopsPath } from './tools.ts';

describe('access that is granted and revoked, with the real sops', () => {
  let lab: Lab;
  let team: Team;
  beforeEach(async () => {
    lab = new Lab();
    team = await teamOf({ files: 6 });
    writeTeam(lab.folder, team);
  });
  afterEach(() => lab.dispose());

  const sops = (args: readonly string[], identity: string) => {
    const env = lab.env({ SOPS_AGE_KEY: identity });
    return spawnSync(sopsPath, args, { cwd: lab.folder, env, encoding: 'utf8' });
  };
  /** Whether a person's key opens each file: all of it, or nothing. */
  const opened = (identity: string) =>
    team.files.filter(({ path, format }) => {
      const { status, stdout } = sops(['decrypt', path], identity);
      if (status === 0) assert.ok(stdout.includes(plainOf(path, format).match(/example-password[\w-]+/)?.[0] ?? '?'));
      else assert.equal(stdout, '');
      return status === 0;
    });
  const run = async (...args: string[]) => {
    const ran = await lab.run(['people', ...args], { env: { SOPS_AGE_KEY: team.people[0]?.identity } });
    assert.equal(ran.code, 0, ran.err);
  };
  /** sops finds nothing to do: the readers of each file are those of its rule, whose comments it passes over. */
  const requireSettled = () => {
    for (const { path } of team.files) {
      const { stderr } = sops(['updatekeys', '--yes', path], team.people[0]?.identity ?? '');
      assert.match(stderr, /already up to date/, path);
    }
  };

  it('every key opens exactly what it should', async () => {
    const joins = await personOf(12);
    const leaves = team.people[2];
    assert.ok(leaves);
    await run('grant', '--yes', '--name', 'Nora', '--rule', '1', joins.recipient);
    assert.deepEqual(
      opened(joins.identity).map(({ path }) => path),
      team.files.filter(({ environment }) => environment === 'production').map(({ path }) => path),
    );
    requireSettled();
    const before = team.people.map(({ identity }) => opened(identity));
    await run('revoke', '--yes', leaves.name);
    for (const [i, person] of team.people.entries())
      assert.deepEqual(opened(person.identity), person === leaves ? [] : before[i], person.name);
    requireSettled();
    await run('revoke', '--yes', 'Nora');
    assert.deepEqual(opened(joins.identity), []);
    requireSettled();
  }).timeout(120_000);
});
