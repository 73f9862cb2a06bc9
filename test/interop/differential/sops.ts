import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatId } from '../../../src/core/format/document.ts';
import { bytesOfText, textOfBytes } from '../../../src/core/format/encoding.ts';
import { type Selector, selectorText } from '../../../src/core/sops/selection.ts';
import { alice } from '../../core/support.ts';
import { sopsPath } from '../tools.ts';

/** What a file of each store is called, so that sops takes it for that. */
export const fileOf: Record<FormatId, string> = {
  yaml: 'x.yaml',
  json: 'x.json',
  dotenv: 'x.env',
  ini: 'x.ini',
  binary: 'x.bin',
};

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Rule {
  readonly selector: Selector;
  readonly macOnlyEncrypted: boolean;
}

/** The real sops in a folder of its own, one process a call; many may run at once. */
export class Sops {
  readonly folder: string;
  readonly #identities: string;

  /** @param identities one a line. */
  constructor(folder: string, identities = alice.identity) {
    this.folder = folder;
    this.#identities = identities;
    mkdirSync(folder, { recursive: true });
  }

  /** The same folder for somebody with other identities. */
  as(...identities: string[]): Sops {
    return new Sops(this.folder, identities.join('\n'));
  }

  /** Standard input and output are texts as `textOfBytes` makes them: any byte comes through. */
  run(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const child = spawn(sopsPath, args, {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        XDG_CONFIG_HOME: this.folder,
        SOPS_AGE_KEY: this.#identities,
        ...env,
      },
    });
    return new Promise((resolve, reject) => {
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (data: Buffer) => out.push(data));
      child.stderr.on('data', (data: Buffer) => err.push(data));
      // It may end before it has read everything.
      child.stdin.on('error', () => undefined);
      child.on('error', reject);
      child.on('close', (status) =>
        resolve({ status, out: textOfBytes(Buffer.concat(out)), err: Buffer.concat(err).toString() }),
      );
      child.stdin.end(bytesOfText(input));
    });
  }

  write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), bytesOfText(content));
  }

  /** @param config of its own in place of a rule for one person. */
  encrypt(
    source: string,
    format: FormatId,
    rule: Rule,
    config = configOf(rule, { age: alice.recipient }),
  ): Promise<Ran> {
    this.write('rule.yaml', config);
    return this.run(['--config', 'rule.yaml', 'encrypt', '--filename-override', fileOf[format]], source);
  }

  decrypt(source: string, format: FormatId, ...more: string[]): Promise<Ran> {
    const output = more.includes('--output-type') ? [] : ['--output-type', format];
    return this.run(['decrypt', '--input-type', format, ...output, ...more], source);
  }
}

/** Runs sops on a file in place; its text afterwards. */
export async function inPlace(
  sops: Sops,
  format: FormatId,
  file: string,
  args: (name: string) => string[],
  env?: NodeJS.ProcessEnv,
): Promise<Ran & { text: string }> {
  const name = fileOf[format];
  sops.write(name, file);
  const ran = await sops.run(args(name), '', env);
  return { ...ran, text: textOfBytes(readFileSync(join(sops.folder, name))) };
}

/** JSON is YAML: a .sops.yaml with one rule. @param keys its fields that say for whom. */
export function configOf({ selector, macOnlyEncrypted }: Rule, keys: Readonly<Record<string, unknown>>): string {
  const rule = { ...keys, [selector.kind]: selectorText(selector), mac_only_encrypted: macOnlyEncrypted };
  return JSON.stringify({ creation_rules: [rule] });
}
