// Compares what scanners find in the corpus, as a table in Markdown: npx tsx test/corpus/table.ts [path/to/gitleaks]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { detect } from '../../src/core/scan/detect.ts';
import { corpus, type Sample } from './corpus.ts';

/** The files that a scanner says something about, by their paths from the root of the corpus. */
type Flagged = ReadonlySet<string>;

const root = resolve(import.meta.dirname, '../..');
const samples = corpus();
const folder = mkdtempSync(join(tmpdir(), 'lockstep-corpus-'));

function lockstep(): Flagged {
  return new Set(samples.filter(({ path, text }) => detect(text, path).length > 0).map(({ path }) => path));
}

function secretlint(): Flagged {
  const config = `${folder}.rc.json`;
  writeFileSync(
    config,
    JSON.stringify({
      rules: [{ id: join(root, 'node_modules/@secretlint/secretlint-rule-preset-recommend/module/index.js') }],
    }),
  );
  const report = `${folder}.json`;
  const args = ['--secretlintrc', config, '--format', 'json', '--output', report, '**/*', '**/.env'];
  spawnSync(join(root, 'node_modules/.bin/secretlint'), args, { cwd: folder, stdio: 'ignore' });
  const found = JSON.parse(readFileSync(report, 'utf8')) as { filePath: string; messages: unknown[] }[];
  return new Set(found.filter(({ messages }) => messages.length > 0).map(({ filePath }) => relative(folder, filePath)));
}

function gitleaks(program: string): Flagged {
  const report = `${folder}.json`;
  execFileSync(
    program,
    ['dir', folder, '--no-banner', '--exit-code', '0', '--report-format', 'json', '--report-path', report],
    { stdio: 'ignore' },
  );
  const found = JSON.parse(readFileSync(report, 'utf8')) as { File: string }[];
  return new Set(found.map(({ File }) => relative(folder, File)));
}

function line(name: string, flagged: Flagged): string {
  const count = (is: (one: Sample) => boolean) => samples.filter((one) => is(one) && flagged.has(one.path)).length;
  const right = count(({ secret }) => secret !== undefined);
  const wrong = count(({ secret }) => secret === undefined);
  const all = samples.filter(({ secret }) => secret !== undefined).length;
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  return `| ${name} | ${right} of ${all} | ${wrong} of ${samples.length - all} | ${percent(right, right + wrong)} | ${percent(right, all)} |`;
}

try {
  for (const { path, text } of samples) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const program = process.argv[2];
  console.log(
    '| scanner | secrets found | look-alikes taken for secrets | precision | recall |\n| --- | --- | --- | --- | --- |',
  );
  console.log(line('Lockstep', lockstep()));
  if (program) console.log(line('gitleaks', gitleaks(program)));
  console.log(line('secretlint', secretlint()));
} finally {
  for (const one of [folder, `${folder}.json`, `${folder}.rc.json`]) rmSync(one, { recursive: true, force: true });
}
