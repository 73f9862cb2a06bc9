import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findCovered } from '../../../src/extension/setup/find.ts';
import { fake, Uri, window } from '../../fakes/vscode.ts';
import { needsRoot, skipFor } from '../../skip.ts';
import { makeStage, type Stage } from './session.ts';

describe('rules of the workspace', () => {
  let stage: Stage;
  const at = (name: string) => Uri.file(join(stage.folder, name)) as never;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.end());

  it('of another user count only where nobody else could have put them', async function () {
    skipFor(this, needsRoot());
    mkdirSync(join(stage.folder, 'shared'));
    stage.write('shared/.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n`);
    const [folder, config] = [join(stage.folder, 'shared'), join(stage.folder, 'shared', '.sops.yaml')];
    const find = () => {
      stage.rules.forget();
      return stage.rules.find(at('shared/a.yaml'));
    };
    chmodSync(folder, 0o777);
    assert.ok(await find(), 'our own');
    chownSync(config, 4711, 4711);
    for (const mode of [0o777, 0o1777, 0o775]) {
      chmodSync(folder, mode);
      await assert.rejects(find(), { code: 'BAD_CONFIG', place: { what: 'others' } }, mode.toString(8));
    }
    chmodSync(folder, 0o755);
    assert.ok(await find());
  });

  it('are held against a file once, until they change', async () => {
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: a\n    age: ${stage.recipient}\n`);
    const first = stage.rules.find(at('a.yaml'));
    assert.equal(stage.rules.find(at('a.yaml')), first);
    assert.equal((await first)?.rule.index, 0);
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: b\n    age: ${stage.recipient}\n`);
    stage.rules.forget();
    assert.equal(await stage.rules.find(at('a.yaml')), undefined);
  });

  it('of thousands are held against thousands of files with rests between, and can be cancelled', async () => {
    const rules = Array.from(
      { length: 1_000 },
      (_, i) => `  - path_regex: '(?:[a-z/]?[a-y/]?){8}${i}[!]$'\n    age: ${stage.recipient}\n`,
    );
    stage.write('.sops.yaml', `creation_rules:\n${rules.join('')}`);
    const files = Array.from({ length: 2_000 }, (_, i) => at(`deep/in/there/file-${i}.yaml`));
    await stage.rules.find(at('first.yaml'));
    const { withProgress } = window;
    let looked = 0;
    const counting = { find: (file: never) => stage.rules.find(file).finally(() => looked++) };
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    window.withProgress = (async (_: unknown, task: (progress: object, token: object) => unknown) =>
      task(
        { report() {} },
        {
          onCancellationRequested: (answer: () => void) => {
            answer();
            return { dispose() {} };
          },
        },
      )) as typeof withProgress;
    try {
      assert.deepEqual(await findCovered({ rules: counting } as never, files, 100), []);
      assert.ok(looked > 0 && looked < files.length, `${looked} files before it was cancelled`);
      assert.ok(longest < 2_000, `${longest} ms without a rest`);
    } finally {
      clearInterval(beat);
      window.withProgress = withProgress;
    }
    assert.deepEqual(fake.log, []);
  });
});
