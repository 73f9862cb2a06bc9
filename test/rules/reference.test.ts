import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTree, root } from './tree.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const reference = readFileSync(join(root, 'docs', 'reference.md'), 'utf8');

/** The first cells of the table between two marks, without the two lines of its head. */
function firstCells(mark: string): string[] {
  const table = reference.split(`<!-- ${mark} -->`)[1]?.split(`<!-- /${mark} -->`)[0] ?? '';
  return [...table.matchAll(/^\| ([^|]+) \|/gm)].map((row) => row[1] ?? '').slice(2);
}

describe('the reference', () => {
  it('lists every command and no other', () => {
    const titles = manifest.contributes.commands.map(({ title }: { title: string }) => title);
    assert.deepEqual(firstCells('commands').sort(), titles.sort());
  });

  it('lists every setting and its default, and no other', () => {
    const settings = Object.keys(manifest.contributes.configuration.properties);
    assert.deepEqual(firstCells('settings').sort(), settings.map((name) => `\`${name}\``).sort());
    for (const name of settings) {
      const shown = new RegExp(`^\\| \`${name}\` \\| \`([^\`]*)\` \\|`, 'm').exec(reference)?.[1];
      const { default: value } = manifest.contributes.configuration.properties[name];
      assert.equal(shown, typeof value === 'object' ? JSON.stringify(value) : String(value), name);
    }
  });

  it('and the other pages link to files that are there', () => {
    const pages = readTree(['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md', 'docs'], /\.md$/);
    assert.ok(pages.size > 8);
    for (const [page, text] of pages) {
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)) {
        assert.ok(existsSync(join(root, dirname(page), target)), `${page}: ${target}`);
      }
    }
  });
});
