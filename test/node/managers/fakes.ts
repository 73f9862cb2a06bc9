import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Programs of managers, as far as their words and outputs go: `op`, `vault`, `bw`, `gcloud`, `az`, `vals`. A secret is `canary-` and its name. Names
 * that begin so make them behave badly: `hang`, `ask`, `noise`, `nothing`, `unanswered`, `flood`, `bytes`, `away`, `forbidden`, `absent`, `nested`, `child`. Each writes its words to
 * a log.
 */
export class Fakes {
  readonly folder = mkdtempSync(join(tmpdir(), 'lockstep-fakes-'));
  readonly bin = join(this.folder, 'bin');

  constructor() {
    mkdirSync(this.bin);
    this.add('op', `ref=$3; name=\${ref##*/}`, 'printf %s "$value"');
    this.add('vault', `name=\${4##*/}`, 'printf %s "$value"');
    this.add('bw', `name=$3`, `printf '{"login":{"password":"%s","username":"canary-user"}}\\n' "$value"`);
    this.add(
      'gcloud',
      `name=\${5#--secret=}`,
      `printf '{"payload":{"data":"%s"}}\\n' "$(printf %s "$value" | base64 | tr -d '\\n' | tr '+/' '-_')"`,
    );
    this.add('az', `name=$7`, `printf '{"value":"%s"}\\n' "$value"`);
    this.add('vals', `name=\${2##*/}`, `printf '%s\\n' "$value"`);
  }

  get log(): string {
    return join(this.folder, 'log');
  }

  /** The words of every call, in order. */
  get calls(): string[] {
    try {
      return readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  }

  forget(): void {
    for (const path of [this.log, join(this.folder, 'pid')]) rmSync(path, { force: true });
  }

  /** Another one with the same behaviour. */
  add(program: string, name: string, print: string, folder = this.bin): string {
    const path = join(folder, program);
    writeFileSync(
      path,
      `#!/bin/sh
echo "\${0##*/} $*" >> '${this.log}'
${name}
value=canary-$name
case $name in
hang*) sleep 600 & echo $! > '${this.folder}/pid'; wait;;
ask*) printf 'Password: ' > /dev/tty 2>/dev/null && exit 7; read -r value || value=no-input;;
noise*) echo "warning: canary-warning of $name" >&2;;
nothing*) exit 0;;
unanswered*) read -r value; echo "$value"; exit 0;;
flood*) head -c 1048576 /dev/zero | tr '\\\\0' x; exit 0;;
bytes*) printf '\\\\377\\\\376canary'; exit 0;;
away*) echo 'canary-words: you are not currently signed in' >&2; exit 1;;
forbidden*) echo 'canary-words: permission denied' >&2; exit 2;;
absent*) echo 'canary-words: not found' >&2; exit 1;;
broken*) echo 'canary-words of an output'; echo 'canary-words of an error' >&2; exit 3;;
nested*) value=op://Private/db/password;;
child*) sleep 600 & echo $! > '${this.folder}/pid';;
where*) value=canary-$(pwd);;
environment*) value=canary-$(env | grep -c -e SOPS_AGE_KEY -e LOCKSTEP_LAUNCH);;
esac
${print}
`.replaceAll('\\\\', '\\'),
    );
    chmodSync(path, 0o755);
    return path;
  }

  /** The number of a program that a fake has started, or left behind. */
  get child(): number {
    return Number(readFileSync(join(this.folder, 'pid'), 'utf8'));
  }

  get hasChild(): boolean {
    try {
      return this.child > 0;
    } catch {
      return false;
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
