import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCli, runCli } from '../cli/built.ts';
import { type Person, personOf, plainOf, type Team, teamOf, writeTeam } from '../fakes/team.ts';
import { Bench } from './tools.ts';

describe('many files that got other readers at once', function () {
  this.timeout(180_000);
  let bench: Bench;
  let cli: string;
  let team: Team;
  let kim: Person;
  before(async () => {
    bench = new Bench();
    cli = await builtCli();
    team = await teamOf({ files: 15 });
    kim = await personOf(12);
    writeTeam(bench.folder, team);
  });
  after(() => {
    rmSync(cli);
    bench.dispose();
  });

  const paths = () => team.files.map(({ path }) => path);
  /** Who can open which files with the real sops. */
  const opened = (person: Person) =>
    paths().filter((path) => bench.trySops(['decrypt', path], person.identity).status === 0);
  const inEnvironments = (...environments: string[]) =>
    team.files.filter(({ environment }) => environments.includes(environment)).map(({ path }) => path);

  it('are opened by exactly those whom the rules name, with sops, and sops finds nothing to do', () => {
    const [ada, maria, , , dana, , , , , , jonas] = team.people;
    assert.ok(ada && maria && dana && jonas);
    assert.deepEqual(opened(maria), paths());
    // Kim joins for staging and development, Maria leaves.
    const joined = team.rules.replaceAll(
      /(path_regex: \^(?:staging|development)\/\n {4}age:\n)/g,
      `$1      - ${kim.recipient} # Kim\n`,
    );
    const rules = joined.split('\n').filter((line) => !line.includes(maria.recipient));
    writeFileSync(join(bench.folder, '.sops.yaml'), rules.join('\n'));
    const env = { PATH: process.env.PATH, HOME: bench.folder, SOPS_AGE_KEY: ada.identity };
    for (const flags of [[], ['--rotate']]) {
      const ran = runCli(cli, ['updatekeys', '-y', ...flags, ...paths()], bench.folder, env);
      assert.equal(ran.status, 0, ran.stderr);
      assert.deepEqual(opened(ada), paths());
      assert.deepEqual(opened(kim), inEnvironments('staging', 'development'));
      assert.deepEqual(opened(maria), []);
      assert.deepEqual(opened(dana), paths());
      assert.deepEqual(opened(jonas), inEnvironments('development'));
      for (const { path, format } of team.files)
        if (format === 'dotenv' || format === 'binary')
          assert.equal(bench.sops(['decrypt', path], ada.identity), plainOf(path, format), path);
      const before = paths().map((path) => readFileSync(join(bench.folder, path), 'utf8'));
      const again = bench.trySops(['updatekeys', '-y', ...paths()], ada.identity);
      assert.equal(again.status, 0, again.stderr);
      assert.equal(again.stderr.match(/already up to date/g)?.length, paths().length, again.stderr);
      assert.deepEqual(
        paths().map((path) => readFileSync(join(bench.folder, path), 'utf8')),
        before,
      );
    }
  });
});
