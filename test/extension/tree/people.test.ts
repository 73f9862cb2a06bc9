import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seal } from '../../../src/core/seal/seal.ts';
import { peopleView } from '../../../src/extension/ids.ts';
import { type Person, personOf } from '../../fakes/team.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeViews, type Views } from './views.ts';

const clock = { now: () => new Date('2026-11-01T12:00:00Z') };

describe('the People × Files view', () => {
  let views: Views;
  let maria: Person;
  let ben: Person;
  const lines = async (deep?: number) =>
    (await views.lines(peopleView, deep)).map((line) => line.replaceAll(/age1\w+…\w+/g, 'age1…'));
  const rulesFor = (...lists: [string, string[]][]) =>
    views.stage.write(
      '.sops.yaml',
      `creation_rules:\n${lists.map(([pattern, people]) => `  - path_regex: ${pattern}\n    age:\n${people.map((one) => `      - ${one}\n`).join('')}`).join('')}`,
    );
  const touch = (name: string) => fake.events.files.fire(Uri.file(join(views.stage.folder, name)));

  before(async () => {
    [maria, ben] = [await personOf(1), await personOf(2)];
  });
  beforeEach(async () => {
    views = await makeViews();
  });
  afterEach(() => views.end());

  async function twoFiles() {
    const { stage } = views;
    const me = stage.recipient;
    rulesFor(
      ['prod', [`${me} # Ada`, `${maria.recipient} # Maria`]],
      ['dev', [`${me} # Ada`, `${maria.recipient} # Maria`, `${ben.recipient} # Ben`]],
    );
    const sealed = async (...people: string[]) =>
      (await seal('token: canary-value\n', 'yaml', { recipients: people }, clock)).text;
    stage.write('prod/a.yaml', await sealed(me, maria.recipient));
    stage.write('dev/b.yaml', await sealed(me, maria.recipient, ben.recipient));
    await views.settled();
  }

  it('lists people by name with what they read, oneself first', async () => {
    await twoFiles();
    assert.deepEqual(await lines(), [
      'Ada | you · reads 2 files · age1…',
      '  Production | 1 file',
      '    a.yaml',
      '  Development | 1 file',
      '    b.yaml',
      'Ben | reads 1 file · age1…',
      '  b.yaml',
      'Maria | reads 2 files · age1…',
      '  Production | 1 file',
      '    a.yaml',
      '  Development | 1 file',
      '    b.yaml',
    ]);
    assert.equal(views.viewOf(peopleView).badge, undefined);
  });

  it('or files with who reads them, which a window keeps', async () => {
    await twoFiles();
    await views.run('lockstep.listByFile');
    assert.deepEqual(await lines(), [
      'Production | 1 file',
      '  a.yaml',
      '    Ada | age1…',
      '    Maria | age1…',
      'Development | 1 file',
      '  b.yaml',
      '    Ada | age1…',
      '    Maria | age1…',
      '    Ben | age1…',
    ]);
    assert.equal(views.stage.services.context.workspaceState.get('lockstep.listedBy'), 'file');
  });

  it('says at once what differs after the rules changed: who is missing, who is too many', async () => {
    await twoFiles();
    const me = views.stage.recipient;
    rulesFor(
      ['prod', [`${me} # Ada`, `${ben.recipient} # Ben`]],
      ['dev', [`${me} # Ada`, `${maria.recipient} # Maria`, `${ben.recipient} # Ben`]],
    );
    touch('.sops.yaml');
    await views.settled();
    assert.deepEqual((await lines(2)).slice(0, 6), [
      'Differ from .sops.yaml | 1 file',
      '  a.yaml | readers differ',
      '    Ben | in the rule, cannot read it yet · age1…',
      '    Maria | reads it, not in the rule · age1…',
      '    Ada | age1…',
      'Ada | you · reads 2 files · age1…',
    ]);
    const people = await lines(0);
    assert.ok(people.includes('Ben | 1 not yet · reads 1 file · age1…'), String(people));
    assert.ok(people.includes('Maria | 1 without a rule · reads 2 files · age1…'), String(people));
    assert.deepEqual(views.viewOf(peopleView).badge, {
      value: 1,
      tooltip: '1 file with other readers than their rules name',
    });
    assert.deepEqual(fake.executed.findLast(([id, key]) => id === 'setContext' && key === 'lockstep.drift')?.[2], true);
  });

  it('updates what differs as one change, and rotates what one can read', async () => {
    await twoFiles();
    rulesFor(['prod', [views.stage.recipient]], ['dev', [views.stage.recipient]]);
    touch('.sops.yaml');
    await views.settled();
    const [drift] = await views.rows(peopleView, 1);
    const names = () =>
      ((fake.executed.at(-1) ?? [])[2] as Uri[]).map(({ path }) => path.slice(views.stage.folder.length + 1)).sort();
    await views.run('lockstep.updateListed', drift?.node, [drift?.node]);
    assert.equal(fake.executed.at(-1)?.[0], 'lockstep.updateReaders');
    assert.deepEqual(names(), ['dev/b.yaml', 'prod/a.yaml']);
    const file = drift?.below[0]?.node;
    await views.run('lockstep.rotateListed', file, [file]);
    assert.equal(fake.executed.at(-1)?.[0], 'lockstep.rotateDataKey');
    assert.equal(names().length, 1);
    views.stage.script.pickMany = 'all';
    await views.run('lockstep.updateListed');
    assert.deepEqual(names(), ['dev/b.yaml', 'prod/a.yaml'], 'without a row one chooses');
    fake.executed = [];
    await views.run('lockstep.rotateListed', { uri: 'file:///etc/passwd', files: [1, null] }, [undefined]);
    assert.deepEqual(fake.executed, []);
  });

  it('names the groups of a file that needs several', async () => {
    const { stage } = views;
    const groups = [[stage.recipient], [maria.recipient, ben.recipient]].map((group) =>
      group.map((name) => ({ kind: 'age' as const, name })),
    );
    const { text } = await seal('a: canary-value\n', 'yaml', { recipients: [], groups }, clock);
    stage.write('a.yaml', text);
    await views.settled();
    await views.run('lockstep.listByFile');
    const shown = await lines();
    assert.deepEqual(
      shown.map((line) => line.replace(/age1\S+/, 'age1…')),
      [
        'a.yaml | no rule',
        '  Group 1 | all 2 groups together needed',
        // The label of one's own key, where .sops.yaml has no name for it.
        '    me | age1…',
        '  Group 2 | all 2 groups together needed',
        '    age1…',
        '    age1…',
      ],
    );
    await views.run('lockstep.listByPerson');
    assert.ok((await lines()).includes('  a.yaml | no rule · group 2 of 2'));
  });

  it('says since when a file has its data key, from git', async () => {
    await twoFiles();
    const { folder } = views.stage;
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.test', ...args], {
        cwd: folder,
        env: { ...process.env, GIT_COMMITTER_DATE: '2026-08-01T12:00:00Z' },
      });
    git('init', '-q');
    git('add', 'prod');
    git('commit', '-qm', 'x');
    await views.lines(peopleView);
    for (let i = 0; i < 100 && !(await lines()).some((line) => line.includes('data key from')); i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok((await lines()).includes('    a.yaml | data key from 3 months ago'), String(await lines()));
  });

  it('gives no value to VS Code, and a private key in the place of a public one is not spelt out', async () => {
    await twoFiles();
    const text = await views.everything(peopleView);
    assert.ok(text.includes('Maria'));
    assert.ok(!text.includes('canary-value') && !text.includes('ENC['));
    const file = join(views.stage.folder, 'prod/a.yaml');
    const sealed = (await seal('a: x\n', 'yaml', { recipients: [maria.recipient] }, clock)).text;
    writeFileSync(file, sealed.replace(maria.recipient, maria.identity));
    touch('prod/a.yaml');
    let now = '';
    for (let n = 0; n < 200 && !now.includes('AGE-SECRET-'); n++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      now = await views.everything(peopleView);
    }
    assert.ok(now.includes('AGE-SECRET-'));
    assert.ok(!now.includes(maria.identity));
  });

  it('is fast with 200 files and 40 people', async function () {
    this.timeout(60_000);
    const people = await Promise.all(Array.from({ length: 40 }, (_, i) => personOf(i)));
    const all = people.map(({ recipient }) => recipient);
    const { text } = await seal('a: canary-value\n', 'yaml', { recipients: all }, clock);
    for (let i = 0; i < 200; i++) views.stage.write(`service-${i % 20}/${i}.yaml`, text);
    await views.settled();
    const start = performance.now();
    const roots = await views.rows(peopleView, 0);
    assert.equal(roots.length, 40);
    const took = performance.now() - start;
    assert.ok(took < 2_000, `${took} ms`);
  });
});
