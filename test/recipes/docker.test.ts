import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { askGo, cannotAskGo } from '../interop/exports/readers.ts';
import { skipFor } from '../skip.ts';
import { found, hash, recipe, values, World } from './world.ts';

/** In the place of `node:22-slim`, which is in a registry: this machine's Node and npm, a few programs, and their libraries. */
const base = `set -eu
mkdir -p "$1/image/usr/bin" "$1/image/usr/lib/node_modules" "$1/image/tmp" "$1/image/root"
for file in /bin/sh /usr/bin/env /usr/bin/sha256sum; do
  cp --parents -L "$file" "$1/image"
  ldd "$file" | grep -o '/[^ )]*' | xargs -I{} cp --parents -L {} "$1/image"
done
cp -L "$2" "$1/image/usr/bin/node"
ldd "$2" | grep -o '/lib[^ )]*' | xargs -I{} cp --parents -L {} "$1/image"
cp -r "$(npm root -g)/npm" "$1/image/usr/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/image/usr/bin/npm"
printf 'FROM scratch\\nCOPY image /\\nENV PATH=/usr/bin:/bin\\n' > "$1/Base"
docker build --tag docker.io/library/node:22-slim --file "$1/Base" "$1"
`;

/** Docker's command line, done by buildah: it needs no daemon, and has the same Dockerfile and build secrets. */
const docker = (store: string) => `set -eu
buildah="buildah --storage-driver overlay --root ${store}/store --runroot ${store}/run"
case $1 in
  build) shift; exec $buildah build --isolation chroot --pull-never "$@" ;;
  run)
    container=$($buildah from --pull-never "localhost/\${@: -1}")
    start='const { Entrypoint, Cmd } = JSON.parse(require("fs").readFileSync(0)).OCIv1.config; console.log([...Entrypoint, ...Cmd].join(" "))'
    words=$($buildah inspect "$container" | node -e "$start")
    # run --rm --env NAME image; this buildah wants the value behind the name.
    $buildah run --isolation chroot --env "$4=\${!4}" "$container" $words
    $buildah rm "$container" > /dev/null ;;
esac`;

describe('the recipe for Docker', () => {
  let world: World;
  let store: string;
  before(async function () {
    world = await World.in(this);
    store = mkdtempSync(join(tmpdir(), 'lockstep-images-'));
    world.stand('docker', docker(store));
    for (const name of ['Dockerfile', 'run.sh']) world.take(`docker/${name}`, name);
    world.seal('build.env', { NPM_TOKEN: values['api.token'] }, 'dotenv');
    world.write('build.sh', '#!/bin/sh\nprintf %s "$NPM_TOKEN" | sha256sum > built\n', 0o755);
    const sum = "require('crypto').createHash('sha256').update(process.env.DB_PASSWORD).digest('hex')";
    world.write('server.js', `console.log(${sum}, require('fs').readFileSync('built', 'utf8').slice(0, 64));\n`);
    const made = world.run('bash', ['-c', base, 'bash', store, process.execPath]);
    assert.equal(made.code, 0, made.err);
  });
  after(() => {
    world?.dispose();
    if (store) rmSync(store, { recursive: true, force: true });
  });

  it('builds and runs; neither a value nor the key is in an argument, a file or a layer', async () => {
    const { code, out, err } = await world.watched(
      'sh',
      ['run.sh'],
      { SOPS_AGE_KEY: alice.identity },
      { writes: false },
    );
    assert.equal(code, 0, `${out}\n${err}`);
    assert.ok(out.endsWith(`${hash(values['db.password'])} ${hash(values['api.token'])}\n`), out);
    assert.deepEqual(found(out + err), []);
    const traces = [values['db.password'], values['api.token'], alice.identity].join('\n');
    const search = world.run('grep', ['-rlaF', '-f', '-', store], {}, traces);
    assert.deepEqual({ code: search.code, out: search.out }, { code: 1, out: '' });
    const there = world.run('grep', ['-rlaF', '-f', '-', store], {}, hash(values['api.token']));
    assert.match(there.out, /built/, 'the search finds what is in a layer');
  });

  it('has a Compose file that Compose reads as it is meant', function () {
    skipFor(this, cannotAskGo());
    const text = readFileSync(recipe('docker/compose.yaml'), 'utf8');
    const [read] = askGo([{ format: 'compose', text }]) as [Record<string, Record<string, Record<string, unknown>>>];
    const [secret] = Object.values(read.secrets ?? {});
    assert.equal(secret?.file, '/home/app/keys.txt');
    assert.deepEqual(read.services?.app?.secrets, [{ source: 'age-key', target: '/run/secrets/age-key' }]);
    assert.deepEqual(read.services?.app?.build, {
      ...{ context: '/', dockerfile: 'Dockerfile' },
      secrets: [{ source: 'age-key' }],
    });
    assert.deepEqual(read.services?.app?.environment, { SOPS_AGE_KEY_FILE: '/run/secrets/age-key' });
  });
});
