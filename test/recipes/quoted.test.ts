import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../core/shared.ts';
import { recipe, values, World } from './world.ts';

const page = readFileSync(join(root, 'docs', 'code.md'), 'utf8');
/** Of the tests themselves. */
const own = /\.(ts|txt)$/;

/** The blocks that stand below the name of a recipe. */
const quoted = () =>
  [...page.matchAll(/^\[`(.+?)`\]\(\.\.\/test\/recipes\/(.+?)\).*\n\n```\w*\n([\s\S]*?)^```$/gm)].map(
    ([, name = '', path = '', text = '']) => ({ name, path, text }),
  );

describe('docs/code.md', () => {
  it('quotes each recipe as it is run', () => {
    const files = readdirSync(recipe('.'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !own.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(recipe('.').length + 1));
    assert.deepEqual(
      quoted()
        .map(({ path }) => path)
        .sort(),
      files.sort(),
    );
    for (const { path, text } of quoted()) assert.equal(text, readFileSync(recipe(path), 'utf8'), path);
  });

  it('is tested by what sees a value where none may be', async function () {
    const world = await World.in(this);
    try {
      const sees = (script: string) => world.watched('sh', ['-c', script], { VALUE: values['db.password'] });
      await sees('printf %s "$VALUE" | cat > /dev/null');
      await assert.rejects(sees('env echo "$VALUE"'), /in the words of a program/);
      await assert.rejects(sees('printf %s "$VALUE" | base64 > gone; rm gone'), /in .*gone/);
    } finally {
      world.dispose();
    }
  });

  it('has a Python module of at most 30 lines', () => {
    const lines = readFileSync(recipe('python/lockstep_secrets.py'), 'utf8').trimEnd().split('\n');
    assert.ok(lines.length <= 30, `${lines.length}`);
  });
});
