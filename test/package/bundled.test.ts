import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../core/shared.ts';
import { packageExtension } from '../run/package.mjs';
import { packageCli } from '../run/packagecli.mjs';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly { readonly license?: { readonly id: string }; readonly expression?: string }[];
}

/** Licences that MIT software can carry. */
const fine = ['MIT', 'BSD-3-Clause', 'Apache-2.0', 'CC-BY-4.0', 'Unlicense'];

/** Of `(A OR B)` one is enough. */
const mayCarry = (licence: string) =>
  licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((one) => fine.includes(one));

const nameOf = ({ group, name, version }: Component) => `${group ? `${group}/` : ''}${name} ${version}`;

/** The packages whose code is in some bundles: `name version`, by the files that esbuild says it put there. */
function packagesIn(bundles: readonly string[]): string[] {
  const { outputs } = JSON.parse(readFileSync(join(root, 'dist', 'metafile.json'), 'utf8'));
  const found = new Set<string>();
  for (const bundle of bundles) {
    for (const [file, { bytesInOutput }] of Object.entries<{ bytesInOutput: number }>(outputs[bundle].inputs)) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replace(/^late-package[\w-]*:/, ''))?.[1];
      if (!folder || bytesInOutput === 0) continue;
      const { name, version } = JSON.parse(
        readFileSync(join(folder.startsWith('/') ? folder : join(root, folder), 'package.json'), 'utf8'),
      );
      found.add(`${name} ${version}`);
    }
  }
  return [...found].sort();
}

describe('what a package says about the code of others in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bundled-'));
  const packages: { what: string; prefix: string; files: Map<string, Buffer> }[] = [];
  before(async () => {
    const vsix = process.env.LOCKSTEP_VSIX ?? (await packageExtension(join(folder, 'x.vsix')));
    packages.push({ what: 'the extension', prefix: 'extension/', files: readZip(vsix) });
    const cli = readTar(gunzipSync(readFileSync(await packageCli(folder))));
    packages.push({ what: 'the command line', prefix: 'package/', files: cli });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const each = (check: (text: (name: string) => string, bundles: readonly string[], what: string) => void) => {
    assert.equal(packages.length, 2);
    for (const { what, prefix, files } of packages) {
      const text = (name: string) =>
        files.get(prefix + name)?.toString() ?? assert.fail(`${name} is not in the package of ${what}`);
      check(text, bundlesOf(files), what);
    }
  };

  it('lists every package that is bundled, and no other, as CycloneDX', () => {
    each((text, bundles, what) => {
      const bom = JSON.parse(text('bom.cdx.json'));
      assert.equal(bom.bomFormat, 'CycloneDX');
      const components: Component[] = bom.components;
      assert.deepEqual(components.map(nameOf).sort(), packagesIn(bundles), what);
      assert.ok(components.length > 5, what);
      for (const { purl, licenses, version } of components) {
        assert.ok(purl.startsWith('pkg:npm/') && purl.includes(`@${version}`), purl);
        for (const { license, expression } of licenses) {
          const licence = license?.id ?? expression ?? '';
          assert.ok(mayCarry(licence), `${purl}: ${licence}`);
        }
        assert.ok(licenses.length > 0, purl);
      }
    });
  });

  it('has the licence of each', () => {
    each((text, bundles) => {
      const notices = text('THIRD-PARTY-NOTICES.txt');
      for (const name of packagesIn(bundles)) {
        const part = notices.split(/^-{80}$/m).find((one) => one.trim().startsWith(`${name} (`));
        assert.ok(part && part.length > 300, `no licence of ${name}`);
      }
    });
  });

  it('lists each dependency of the project that is in the extension', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const listed = packagesIn(bundlesOf(packages[0]?.files ?? new Map()));
    for (const [name, version] of Object.entries(dependencies)) assert.ok(listed.includes(`${name} ${version}`), name);
  });

  it('says nothing of the machine that made it', () => {
    each((text) => {
      for (const name of ['bom.cdx.json', 'THIRD-PARTY-NOTICES.txt']) {
        const content = text(name);
        assert.ok(!content.includes(root) && !content.includes(tmpdir()), name);
        assert.doesNotMatch(content, /"timestamp"|"serialNumber"/);
      }
    });
  });
});

const bundlesOf = (files: ReadonlyMap<string, Buffer>) =>
  [...files.keys()].flatMap((name) => /dist\/(?:npm\/)?[\w-]+\.(js|css)$/.exec(name)?.[0] ?? []);
