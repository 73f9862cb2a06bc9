import { check } from '../../../src/core/check/check.ts';
import type { Files, SecretFile } from '../../../src/core/check/files.ts';
import type { Finding } from '../../../src/core/check/finding.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { formatOfBytes } from '../../../src/core/format/which.ts';
import { open } from '../../../src/core/open/open.ts';
import { namesIn } from '../../../src/core/people/names.ts';
import { matchRule, parseConfig } from '../../../src/core/rules/rules.ts';
import { OwnValues } from '../../../src/core/scan/values.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import type { Selector } from '../../../src/core/sops/selection.ts';
import { mayHoldSecrets } from '../../../src/core/survey/candidates.ts';
import { surveyFile } from '../../../src/core/survey/facts.ts';
import { alice, clock, formatOf, keyringOf } from '../support.ts';

/** A repository in memory, with one `.sops.yaml` at its top. */
export class Memory implements Files {
  readonly texts = new Map<string, string | Uint8Array | LockstepError>();

  constructor(texts: Readonly<Record<string, string | LockstepError>> = {}) {
    for (const [path, text] of Object.entries(texts)) this.texts.set(path, text);
  }

  get paths(): string[] {
    return [...this.texts.keys()].sort();
  }

  async read(path: string): Promise<Uint8Array> {
    const text = this.texts.get(path) ?? new LockstepError('GONE');
    if (text instanceof LockstepError) throw text;
    return Buffer.from(text);
  }

  /** Encrypts a new file. */
  async seal(path: string, plain: string, recipients = [alice.recipient], selector?: Selector): Promise<void> {
    const sealed = await seal(plain, formatOf(path), { recipients, ...(selector && { selector }) }, clock);
    this.texts.set(path, sealed.text);
  }

  edit(path: string, change: (text: string) => string): void {
    this.texts.set(path, change(String(this.texts.get(path))));
  }

  async secret(): Promise<SecretFile[]> {
    const found: SecretFile[] = [];
    for (const path of this.paths.filter(mayHoldSecrets)) {
      const facts = await surveyFile(
        path,
        () => this.read(path),
        async () => matchRule(parseConfig(this.#config), path),
      );
      if (facts.kind !== 'none') found.push({ path, facts, config: '.sops.yaml' });
    }
    return found;
  }

  async check(wanted: (path: string) => boolean = () => true, identity: string | undefined = alice.identity) {
    const keyring = await keyringOf(...(identity ? [identity] : []));
    return check({
      files: this,
      secret: await this.secret(),
      wanted,
      names: namesIn(this.#config),
      values: new OwnValues(),
      open: async ({ path, bytes }, work) => {
        if (!identity) throw new LockstepError('NO_IDENTITY');
        const { text, format } = formatOfBytes(path, bytes);
        try {
          const opened = await open(readSealed(text, format), keyring);
          const result = work(opened);
          opened.dispose();
          return result;
        } catch {
          return undefined;
        }
      },
    });
  }

  get #config(): string {
    return String(this.texts.get('.sops.yaml') ?? 'creation_rules: []\n');
  }
}

/** What a test compares: file, line, code and name. */
export const lines = (findings: readonly Finding[]): string[] =>
  findings.map(({ path, line, code, name }) =>
    [`${path}${line === undefined ? '' : `:${line}`}`, code, name ?? ''].join(' ').trim(),
  );
