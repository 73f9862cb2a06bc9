import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'dotenv';
import { differencesOf } from '../../src/core/env/differences.ts';
import { joinLines } from '../../src/core/env/lines.ts';
import { type Loader, readEnv } from '../../src/core/env/read.ts';
import { LockstepError } from '../../src/core/errors.ts';
import { Lab } from '../cli/lab.ts';
import { alice } from '../core/support.ts';
import { skipFor } from '../skip.ts';
import { corners, generated, given, shapes } from './loaders/cases.ts';
import { type Answer, ask, cannotAsk, type Given, loaderPrograms } from './loaders/tools.ts';
import { Bench } from './tools.ts';

/** What we make of it: null where the loader is said to refuse it. */
function ours({ text, env }: Given, loader: Loader): Answer {
  try {
    return Object.fromEntries(readEnv(text, loader, env));
  } catch (error) {
    assert.ok(error instanceof LockstepError, String(error));
    return null;
  }
}

const texts = [...Object.values(shapes), ...corners, ...generated(4000, 1)].map(given);

function compare(loader: Loader, answers: readonly Answer[]): void {
  const read = answers.filter((answer) => answer !== null && Object.keys(answer).length > 0).length;
  assert.ok(read > texts.length / 3, `${read} of ${texts.length} texts say something to ${loader}`);
  texts.forEach((one, i) => {
    const expected = answers[i];
    assert.deepEqual(ours(one, loader), expected && { ...expected }, JSON.stringify(one.text));
  });
}

/** As sops can hold it: values of several lines joined, and no lines without an equals sign. */
const holdable = (text: string) => joinLines(text).replace(/^[^=\n]+$/gm, '# no entry');

describe('a .env as its loader reads it', function () {
  this.timeout(300_000);

  it('dotenv of npm', () => {
    compare(
      'dotenv',
      texts.map(({ text }) => parse(text)),
    );
  });

  it('is named where it differs from what sops gives: each variable of five projects, and no other', function () {
    const { compose, python } = loaderPrograms;
    skipFor(this, cannotAsk(compose) ?? cannotAsk(python));
    let [all, named] = [0, 0];
    for (const text of Object.values(shapes)) {
      // Line by line: a loader that refuses one line refuses the file.
      const entries = [...readEnv(holdable(text), 'literal')];
      const lines = entries.map(([name, value]) => given(`${name}=${value.replaceAll('\n', '\\n')}\n`));
      const answers = [lines.map((one) => parse(one.text)), ask(compose, lines), ask(python, lines)];
      entries.forEach(([name, value], i) => {
        const same = answers.every((answer) => answer[i] && isDeepStrictEqual({ ...answer[i] }, { [name]: value }));
        assert.equal(differencesOf(name, value).length > 0, !same, name);
        all++;
        if (!same) named++;
      });
    }
    assert.ok(all > 30 && named > all / 2 && named < all, `${named} of ${all}`);
  });

  it('is given by exec-env as sops gives it', async () => {
    const bench = new Bench();
    const lab = new Lab();
    try {
      for (const text of Object.values(shapes)) {
        lab.write('x.env', holdable(text));
        assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'x.env'])).code, 0);
        bench.write('x.env', lab.read('x.env'));
        const seen = (out: string) =>
          out
            .split('\0')
            // sops hands its own keys on to the program; here they stay behind.
            .filter((one) => !/^(PWD|OLDPWD|HOME|XDG_CONFIG_HOME|XDG_STATE_HOME|_|SOPS_AGE_KEY)=/.test(one))
            .sort();
        const theirs = seen(bench.sops(['exec-env', 'x.env', 'env -0']));
        assert.deepEqual(seen((await lab.run(['exec-env', 'x.env', 'env -0'])).out), theirs);
      }
    } finally {
      bench.dispose();
      lab.dispose();
    }
  });

  for (const loader of ['compose', 'python'] as const) {
    it(`${loader}`, function () {
      skipFor(this, cannotAsk(loaderPrograms[loader]));
      compare(loader, ask(loaderPrograms[loader], texts));
    });
  }
});
