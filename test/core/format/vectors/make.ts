/**
 * Makes comments.json: has the real sops encrypt each shape and finds, by trying, which key path it authenticated each
 * comment with. Run from the repository's root: npx tsx test/core/format/vectors/make.ts
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSops } from '../../../run/tools.mjs';
import { dataKeyOf, newIdentity, openText } from '../seal.ts';
import { shapes } from './shapes.ts';

const envelope = /ENC\[[^\]]*,type:comment\]/g;

/** Every path that can hold a comment: joined keys of a few levels. */
function candidates(): string[] {
  const keys = ['a', 'b', 'c', 'd', 'l', 'm', 'n', 'x', 'y', '<<', 'a:b', ''];
  const one = keys.map((key) => `${key}:`);
  const two = one.flatMap((first) => one.map((second) => first + second));
  return [':', ...one, ...two, ...two.flatMap((first) => one.map((second) => first + second))];
}

async function main(): Promise<void> {
  const sops = await findSops();
  if (!sops) throw new Error('no sops');
  const { identity, recipient } = await newIdentity();
  const paths = candidates();
  const version = execFileSync(sops, ['--version', '--disable-version-check'], { encoding: 'utf8' }).split('\n')[0];
  const cases: { name: string; input: string; comments: [string, string][] }[] = [];
  for (const [name, input] of Object.entries(shapes)) {
    const args = [
      'encrypt',
      '--age',
      recipient,
      '--input-type',
      'yaml',
      '--output-type',
      'yaml',
      '--filename-override',
      'x.yaml',
    ];
    const sealed = execFileSync(sops, args, { input, encoding: 'utf8', cwd: '/' });
    const key = await dataKeyOf(sealed, identity);
    const comments = [...sealed.matchAll(envelope)].map(([text]): [string, string] => {
      for (const path of paths) {
        const plain = openText(text, key, path);
        if (plain !== undefined) return [plain, path];
      }
      throw new Error(`no path for a comment of '${name}'`);
    });
    cases.push({ name, input, comments });
  }
  const file = join(__dirname, 'comments.json');
  writeFileSync(file, `${JSON.stringify({ madeBy: version, cases }, null, 1)}\n`);
  console.log(`${cases.length} cases by ${version}`);
}

void main();
