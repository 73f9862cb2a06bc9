import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing, type WhyNot } from '../skip.ts';

/** What needs the real gpg. */
export const noGpg: WhyNot = missing(
  'gpg (Debian: apt-get install gpg gpg-agent)',
  spawnSync('gpg', ['--version']).status === 0,
);

/** A throw-away keyring of the real gpg, with an agent of its own. */
export class GpgHome {
  /** A short path: the agent's socket lies in it, and 107 characters is all that its path may have. */
  readonly folder = mkdtempSync('/tmp/lsg-');
  readonly env: NodeJS.ProcessEnv = { ...process.env, GNUPGHOME: this.folder };

  constructor() {
    chmodSync(this.folder, 0o700);
    // The agent goes with the folder, also where a test is killed. Its pinentry is a script that types what the file `pin` holds, or gives up.
    const pinentry = this.#script(
      'pinentry',
      `echo 'OK Pleased to meet you'
while read -r word rest; do
  case "$word" in
    GETPIN) echo x >> ${this.folder}/asked; if [ -f ${this.folder}/pin ]; then echo "D $(cat ${this.folder}/pin)"; echo OK; else echo 'ERR 83886179 Operation cancelled <Pinentry>'; fi ;;
    BYE) echo OK; exit 0 ;;
    *) echo OK ;;
  esac
done`,
    );
    writeFileSync(join(this.folder, 'gpg-agent.conf'), `pinentry-program ${pinentry}\n`);
  }

  #script(name: string, body: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
    return path;
  }

  /** A program in the place of gpg, as SOPS_GPG_EXEC names it. */
  fake(body: string): NodeJS.ProcessEnv {
    return { ...this.env, SOPS_GPG_EXEC: this.#script('fakegpg', body) };
  }

  gpg(args: readonly string[], input: string | Uint8Array = ''): string {
    return execFileSync('gpg', ['--batch', '-q', ...args], { env: this.env, input, stdio: 'pipe' }).toString();
  }

  /** A new key of elliptic curves: its fingerprint. @param how its pass phrase, what it is for, how long it lives, what day it is */
  key(name: string, how: { pin?: string; use?: string; lives?: string; now?: string } = {}): string {
    const { pin = '', use = 'default', lives = 'never', now } = how;
    const kind = use === 'default' ? 'future-default' : 'ed25519';
    this.gpg([
      ...(now === undefined ? [] : ['--faked-system-time', now]),
      ...['--pinentry-mode', 'loopback', '--passphrase', pin, '--quick-gen-key', name, kind, use, lives],
    ]);
    return this.fingerprint(name);
  }

  /** @param nth of its parts, the primary key first */
  fingerprint(name: string, nth = 0): string {
    const listed = this.gpg(['--with-colons', '--list-keys', '--', name]);
    return [...listed.matchAll(/^fpr:+([0-9A-F]+):/gm)][nth]?.[1] ?? '';
  }

  revoke(fingerprint: string): void {
    const text = readFileSync(join(this.folder, 'openpgp-revocs.d', `${fingerprint}.rev`), 'utf8');
    this.gpg(['--import'], text.replace(/^:---/m, '---'));
  }

  /** What the pinentry types from now on; nothing: the person gives up. The agent forgets what it knew. */
  person(pin?: string): void {
    const path = join(this.folder, 'pin');
    if (pin === undefined) rmSync(path, { force: true });
    else writeFileSync(path, pin);
    spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: this.env });
  }

  /** How often the pinentry was asked. */
  get asked(): number {
    try {
      return readFileSync(join(this.folder, 'asked'), 'utf8').length / 2;
    } catch {
      return 0;
    }
  }

  end(): void {
    spawnSync('gpgconf', ['--kill', 'all'], { env: this.env });
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
