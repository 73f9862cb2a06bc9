import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../core/shared.ts';
import { packageExtension } from '../run/package.mjs';
import { readZip } from './zip.ts';

/** Everything that may be in the VSIX; the first three are vsce's own. */
const allowed = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/package\.json$/,
  /^extension\/package\.nls(\.[\w-]+)?\.json$/,
  /^extension\/dist\/([\w-]+\.(js|css)|package\.json)$/,
  /^extension\/media\/[\w-]+\.(svg|png)$/,
  /^extension\/docs\/images\/[\w-]+\.png$/,
  /^extension\/docs\/(interop|keys|reference)\.md$/,
  /^extension\/(readme|changelog|security)\.md$/i,
  /^extension\/bom\.cdx\.json$/,
  /^extension\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/license(\.txt|\.md)?$/i,
];

const stray = (names: readonly string[]) => names.filter((name) => !allowed.some((pattern) => pattern.test(name)));

const isPng = (bytes: Buffer | undefined) => bytes?.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n';

/** What of a page would not be there for its reader: pictures and links that lead to files, or to data, which VS Code drops. */
function problemsOf(page: string): string[] {
  const links = [...page.matchAll(/!?\[[^\]]*\]\(([^)]*)\)/g)].filter(
    ([, target = '']) => !/^(?:https:\/\/|#)/.test(target),
  );
  return [...links.map(([all]) => all.slice(0, 80)), ...(page.match(/<(?:img|a|video)\b[^>]*>/g) ?? [])];
}

describe('package', () => {
  let file: string;
  let folder: string;
  let files: Map<string, Buffer>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    file = process.env.LOCKSTEP_VSIX ?? (await packageExtension(join(folder, 'x.vsix')));
    files = readZip(file);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds only what it should', () => {
    assert.deepEqual(stray([...files.keys()]), []);
    const bad = [
      'extension/dist/extension.js.map',
      'extension/src/a.ts',
      'extension/media/editor/a.svg',
      'extension/.env',
    ];
    assert.deepEqual(stray(bad), bad);
  });

  it('holds what people need to know', () => {
    const names = [...files.keys()].map((name) => name.toLowerCase());
    for (const name of [
      'readme.md',
      'changelog.md',
      'security.md',
      'package.json',
      'dist/extension.js',
      'dist/engine.js',
      'dist/package.json',
      'bom.cdx.json',
      'third-party-notices.txt',
    ]) {
      assert.ok(names.includes(`extension/${name}`), `${name} is missing`);
    }
    assert.ok(
      names.some((name) => name.startsWith('extension/license')),
      'the licence is missing',
    );
  });

  it('names only files that are in it', () => {
    const manifest = JSON.parse(files.get('extension/package.json')!.toString());
    const named = JSON.stringify(manifest).match(/"(?:\.\/)?(?:media|dist)\/[^"]+"/g) ?? [];
    for (const quoted of named) {
      const path = `extension/${JSON.parse(quoted).replace(/^\.\//, '')}`;
      assert.ok(files.has(path), `package.json names ${path}`);
    }
    const bundles = [...files].filter(([path]) => /^extension\/dist\/[^/]+\.js$/.test(path));
    const loaded = bundles.flatMap(
      ([, text]) => text.toString('latin1').match(/require\(["']\.\/[\w-]+\.js["']\)/g) ?? [],
    );
    assert.ok(loaded.some((one) => one.includes('cli-keyservice.js')));
    for (const one of loaded) assert.ok(files.has(`extension/dist/${one.slice(11, -2)}`), `a bundle loads ${one}`);
  });

  const textOf = (name: string) =>
    [...files].find(([path]) => path.toLowerCase() === `extension/${name}`)?.[1].toString();

  it('has a page of its own, in which every picture loads and every link leads somewhere', () => {
    const page = textOf('readme.md') ?? assert.fail('no page');
    const first = page.split('\n').slice(0, 16).join('\n');
    assert.match(first, /^# Lockstep\n/);
    assert.doesNotMatch(page, /\bnpm\b/);
    assert.match(first, /Masked[\s\S]*Secrets Editor/, 'what it does comes first');
    assert.deepEqual(problemsOf(page), []);
    const faults = [
      '![a](docs/a.png)',
      '![a](data:image/png;base64,iVBORw0KGgo=)',
      '[a](docs/keys.md)',
      '<img src="a.png">',
    ];
    for (const fault of faults) assert.equal(problemsOf(fault).length, 1, fault);
    assert.match(readFileSync(join(root, 'README.md'), 'utf8'), /^# Lockstep\n\n```\nnpm start .*\nnpm test .*\n```\n/);
  });

  it('shows every step of the walkthrough with a picture of its own, in a text that VS Code renders', () => {
    const manifest = JSON.parse(textOf('package.json') ?? '');
    const { steps } = manifest.contributes.walkthroughs[0];
    const pictures = steps.map(({ media }: { media: { image: string } }) => files.get(`extension/${media.image}`));
    assert.ok(pictures.every(isPng));
    assert.equal(new Set(pictures.map(String)).size, steps.length);
    // It takes ``code``, **bold** and links there; anything else stands as it is typed.
    for (const { description } of steps)
      assert.doesNotMatch(description.replaceAll(/``[^`]+``|\*\*[^*]+\*\*/g, ''), /[`*_]/, description);
  });

  it('is small', () => {
    assert.ok(statSync(file).size <= 2 * 1024 * 1024, `the VSIX has ${statSync(file).size} bytes`);
    const main = files.get('extension/dist/extension.js')!;
    assert.ok(main.length <= 150 * 1024, `dist/extension.js has ${main.length} bytes`);
    const page = ['editor.js', 'editor.css', 'editor-text.js'].map(
      (name) => files.get(`extension/dist/${name}`)!.length,
    );
    assert.ok(page.reduce((sum, size) => sum + size) <= 600 * 1024, `the page of the Secrets Editor has ${page} bytes`);
  });

  it('holds no path of the machine that built it', () => {
    const home = process.cwd();
    assert.ok(existsSync(home));
    const found = [...files].filter(([, data]) => data.includes(home)).map(([name]) => name);
    assert.deepEqual(found, []);
  });
});
