import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { reopen } from '../../core/support.ts';
import { type Person, personOf, type Team, teamOf, writeTeam } from '../../fakes/team.ts';
import { describeUnless, windows } from '../../skip.ts';
import { builtCli } from '../built.ts';

const kills = 50;

describeUnless(windows, 'a re-wrap of 200 files that is killed', function () {
  this.timeout(600_000);
  let cli: string;
  let folder: string;
  let team: Team;
  let kim: Person;
  before(async () => {
    cli = await builtCli();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-killed-')));
    team = await teamOf();
    kim = await personOf(12);
    writeTeam(folder, team);
  });
  after(() => {
    rmSync(cli);
    rmSync(folder, { recursive: true, force: true });
  });

  const env = () => ({ PATH: process.env.PATH, HOME: folder, SOPS_AGE_KEY: team.people[0]?.identity });
  const paths = () => team.files.map(({ path }) => path);
  const snapshot = () => new Map(paths().map((path) => [path, readFileSync(join(folder, path))]));
  const journal = () => join(folder, '.lockstep', 'journal');
  const hasKim = (path: string) => {
    const { format } = team.files.find((file) => file.path === path) ?? { format: 'yaml' };
    return readSealed(readFileSync(join(folder, path), 'utf8'), format).metadata.recipients.includes(kim.recipient);
  };
  /** Names that a killed process could have left. */
  const strays = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tmp$|\.lockstep(?:\/|$)/.test(name));
  const begin = () =>
    spawn(process.execPath, [cli, 'updatekeys', '-y', ...paths()], { cwd: folder, env: env(), stdio: 'ignore' });
  const verb = (...words: string[]) =>
    spawnSync(process.execPath, [cli, ...words], { cwd: folder, env: env(), encoding: 'utf8' });

  /** With Kim or without, as the rules have it. */
  function rule(withKim: boolean): void {
    const more = team.rules.replaceAll(/(path_regex: .*\n {4}age:\n)/g, `$1      - ${kim.recipient} # Kim\n`);
    writeFileSync(join(folder, '.sops.yaml'), withKim ? more : team.rules);
  }

  /** Either a random moment of the whole run, or one right after the journal came: the files are written then. */
  async function killSometime(whole: number, n: number): Promise<boolean> {
    const child = begin();
    const ended = once(child, 'exit');
    if (n % 3 === 0) await Promise.race([pause(Math.random() * whole), ended]);
    else {
      while (!existsSync(journal()) && child.exitCode === null) await pause(1);
      await pause(Math.random() ** 2 * whole * 0.3);
    }
    child.kill('SIGKILL');
    const [, signal] = (await ended) as [number | null, string | null];
    return signal === 'SIGKILL';
  }

  it(`leaves all of them as they were or all of them new after the next start, ${kills} times`, async () => {
    rule(true);
    const start = performance.now();
    assert.equal(verb('updatekeys', '-y', ...paths()).status, 0);
    const whole = performance.now() - start;
    const seen: Record<string, number> = {};
    let withKim = true;
    for (let n = 0; n < kills; n++) {
      const before = snapshot();
      rule(!withKim);
      if (!(await killSometime(whole, n))) seen.late = (seen.late ?? 0) + 1;
      const hadJournal = existsSync(journal());
      const { status, stderr } = verb('filestatus', paths()[0] ?? '');
      assert.equal(status, 0, stderr);
      const after = snapshot();
      const changed = paths().filter((path) => !before.get(path)?.equals(after.get(path) ?? Buffer.alloc(0)));
      assert.ok(
        changed.length === 0 || changed.length === 200,
        `${n}: ${changed.length} of 200 files changed\n${stderr}`,
      );
      for (const path of paths()) assert.equal(hasKim(path), changed.length > 0 ? !withKim : withKim, path);
      // The person is told which of the two it was.
      const said = /is finished now/.test(stderr)
        ? 'finished'
        : /all are as they were/.test(stderr)
          ? 'untouched'
          : 'nothing';
      assert.equal(said !== 'nothing', hadJournal, stderr);
      if (said === 'finished') assert.equal(changed.length, 200);
      if (said === 'untouched') assert.equal(changed.length, 0);
      seen[said] = (seen[said] ?? 0) + 1;
      if (changed.length > 0) withKim = !withKim;
      // What is left before the journal has its name goes with the next one; what is left after that is cleared away at once.
      if (hadJournal) assert.deepEqual(strays(), [], `${n}`);
      if (n % 10 === 0) {
        const path = paths()[Math.floor(Math.random() * 200)] ?? '';
        const { format = 'yaml' } = team.files.find((file) => file.path === path) ?? {};
        const identity = (withKim ? kim : team.people[0])?.identity;
        assert.ok((await reopen(readFileSync(join(folder, path), 'utf8'), format, identity)).verdict.ok, path);
      }
    }
    rule(!withKim);
    assert.equal(verb('updatekeys', '-y', ...paths()).status, 0);
    assert.deepEqual(strays(), []);
    assert.ok((seen.finished ?? 0) >= 5 && (seen.nothing ?? 0) >= 5, JSON.stringify(seen));
  });
});
