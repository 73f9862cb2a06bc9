import type { ErrorCode } from '../errors.ts';
import { encryptedOf, type Files, Reading, type SecretFile } from './files.ts';
import { capped, type Finding, sorted } from './finding.ts';
import { variablesIn } from './named.ts';
import { SecretsOf } from './secrets.ts';

/** A version of the files. */
interface Version {
  readonly files: Files;
  readonly secret: readonly SecretFile[];
}

interface Apart {
  readonly findings: readonly Finding[];
  /** Files that were not looked at, and why. */
  readonly unread: ReadonlyMap<string, ErrorCode>;
}

/** A text about programs is none. */
const isProse = (path: string) => /\.(?:md|mdx|rst|adoc|txt)$/i.test(path);

/**
 * Whether every secret that the code of a version names is in the secret files of that version: references, the lists of environments, and
 * variables of programs, which count as secrets if they are secrets now. Needs no key.
 */
export async function missingIn({ files, secret }: Version, now: Version): Promise<Apart> {
  const reading = new Reading(files);
  const secrets = new SecretsOf(reading);
  const there = await secrets.variables([...encryptedOf(secret)]);
  const today = await new SecretsOf(new Reading(now.files)).variables([...encryptedOf(now.secret)]);
  const lost = new Set([...today].filter((name) => !there.has(name)));
  const findings: Finding[] = [];
  for (const path of files.paths) {
    const text = isProse(path) ? undefined : await reading.text(path);
    if (text === undefined) continue;
    findings.push(...capped(await secrets.missingIn(path, text)));
    if (lost.size === 0) continue;
    const named = variablesIn(path, text).filter(({ name }) => lost.has(name));
    findings.push(...capped(named.map(({ line, name }) => ({ code: 'missing', path, line, name }))));
  }
  return { findings: sorted(findings), unread: reading.unread };
}
