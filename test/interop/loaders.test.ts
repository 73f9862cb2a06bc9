import assert from 'node:assert/strict';
import { parse } from 'dotenv';
import { type Loader, readEnv } from '../../src/core/env/read.ts';
import { LockstepError } from '../../src/core/errors.ts';
import { skipFor } from '../skip.ts';
import { corners, generated, given, shapes } from './loaders/cases.ts';
import { type Answer, ask, cannotAsk, type Given, loaderPrograms } from './loaders/tools.ts';

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

describe('a .env as its loader reads it', function () {
  this.timeout(300_000);

  it('dotenv of npm', () => {
    compare(
      'dotenv',
      texts.map(({ text }) => parse(text)),
    );
  });

  for (const loader of ['compose', 'python'] as const) {
    it(`${loader}`, function () {
      skipFor(this, cannotAsk(loaderPrograms[loader]));
      compare(loader, ask(loaderPrograms[loader], texts));
    });
  }
});
