import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInBackground } from '../../src/node/output/stty.ts';
import { describeUnless, windows } from '../skip.ts';

/** A `ps` as POSIX describes it, and as macOS and BSD have it: behind the first `=` in a word all of it is the header of that column. */
const ps = (group: number, foreground: number) => `#!/bin/sh
headers= values=
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then
    shift
    case $1 in *=*) headers="$headers\${1#*=}" ;; *) headers="$headers $1" ;; esac
    case \${1%%=*} in
      pgid) values="$values ${group}" ;;
      tpgid) values="$values ${foreground}" ;;
    esac
  fi
  shift
done
[ -z "$headers" ] || echo "$headers"
echo "$values"
`;

describeUnless(windows, 'a job in the background', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-background-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const isBehind = (group: number, foreground: number) => {
    writeFileSync(join(folder, 'ps'), ps(group, foreground));
    chmodSync(join(folder, 'ps'), 0o755);
    return isInBackground('darwin', folder);
  };

  it('is known by ps where there is no /proc', () => {
    assert.equal(isBehind(123, 123), false);
    assert.equal(isBehind(123, 456), true);
    for (const none of [0, -1]) assert.equal(isBehind(123, none), false, 'no terminal');
  });

  it('is taken for one in front where nothing can be known', () => {
    assert.equal(isInBackground('darwin', join(folder, 'nothing')), false);
  });
});
