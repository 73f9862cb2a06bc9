import assert from 'node:assert/strict';
import { join } from 'node:path';
import { register as lens } from '../../../src/extension/lens/register.ts';
import { register } from '../../../src/extension/plain/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { until } from '../../e2e/wait.ts';
import { personOf } from '../../fakes/team.ts';
import { type CodeLens, type Diagnostic, fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('files that differ from their rules', () => {
  let stage: Stage;
  let features: Feature[];
  const pause = () => new Promise((resolve) => setTimeout(resolve, 700));
  const problems = (name: string) => fake.problems('lockstep-drift', Uri.file(join(stage.folder, name)));
  const rules = async (...numbers: number[]) => {
    const people = await Promise.all(numbers.map(personOf));
    const lines = people.map(({ name, recipient }) => `      - ${recipient} # ${name}\n`).join('');
    stage.write(
      '.sops.yaml',
      `# who\ncreation_rules:\n  - path_regex: yaml$\n    age:\n      - ${stage.recipient}\n${lines}`,
    );
    fake.events.files.fire(Uri.file(join(stage.folder, '.sops.yaml')));
  };

  beforeEach(async () => {
    stage = await makeStage();
    features = [register(stage.services), lens(stage.services)];
    await rules();
    const text = await stage.sealed('token: canary-value\n', 'yaml');
    for (const name of ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', 'e.yaml']) stage.write(name, text);
    await stage.services.inventory.ready();
  });
  afterEach(() => {
    for (const { disposable } of features) disposable.dispose();
    stage.end();
  });

  it('are a problem of the rule as soon as it changes, until they are updated', async () => {
    await pause();
    assert.deepEqual(problems('.sops.yaml'), []);
    await rules(1);
    await until(() => problems('.sops.yaml').length > 0, 'a problem of the rule');
    const [problem, ...others] = problems('.sops.yaml') as [Diagnostic, ...Diagnostic[]];
    assert.deepEqual(others, []);
    assert.equal(
      problem.message,
      '5 files have other readers than this rule names: a.yaml, b.yaml, c.yaml and 2 more. Update who can read them.',
    );
    assert.equal(problem.range.start.line, 2);
    assert.deepEqual(problems('a.yaml'), [], 'not open');
    await rules();
    await until(() => problems('.sops.yaml').length === 0, 'no problem of the rule');
  });

  it('are a problem and a lens of each that is open, which name who is missing and who is too many', async () => {
    const editor = stage.open('a.yaml', await stage.sealed('token: canary-value\n', 'yaml'));
    await stage.state(editor);
    await rules(1, 2);
    await stage.state(editor);
    await until(() => problems('a.yaml').length > 0, 'a problem of the file');
    const [problem] = problems('a.yaml') as Diagnostic[];
    const shown = problem?.message.replaceAll(/age1\w+…\w+/g, 'age1…');
    assert.equal(
      shown,
      'Other readers than its rule in .sops.yaml names. In the rule, and cannot read it yet: Maria (age1…), Ben (age1…).',
    );
    assert.ok(editor.document.getText().split('\n')[problem?.range.start.line ?? 0]?.startsWith('sops:'));
    const lenses = fake.providers.find(({ kind }) => kind === 'codeLens')?.provider as {
      provideCodeLenses(document: unknown, token: object): Promise<CodeLens[]>;
    };
    const all = await lenses.provideCodeLenses(editor.document, { isCancellationRequested: false });
    const titles = all.map((one) => one.command);
    const drift = titles.find((one) => one?.title.includes('Readers differ from the rule · Update'));
    assert.equal(drift?.command, 'lockstep.updateReaders');
    assert.ok(!JSON.stringify([problem, titles]).includes('canary-value'));
  });
});
