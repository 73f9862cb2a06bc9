import { type ErrorCode, LockstepError } from '../errors.ts';
import { configFindings } from './configs.ts';
import { findingsOf, verdictOf } from './file.ts';
import { encryptedOf, type Input, Reading, type SecretFile } from './files.ts';
import { type Finding, sorted } from './finding.ts';
import { leftOvers } from './leftover.ts';
import { searched } from './search.ts';
import { missingSecrets } from './secrets.ts';

/** What was found, in the order of files, and what could not be looked at. */
interface Checked {
  readonly findings: readonly Finding[];
  /** Encrypted files that no key at hand opens: their values and MAC are not verified, nor looked for elsewhere. */
  readonly unopened: readonly string[];
  /** Files that were not searched, and why. */
  readonly unread: ReadonlyMap<string, ErrorCode>;
}

/** Looks for what should not be committed. Nothing is written, and no value is in what comes back. */
export async function check(input: Input): Promise<Checked> {
  const reading = new Reading(input.files);
  const configs = await configFindings(reading, input.names);
  const broken = new Set(configs.filter(({ code }) => code === 'bad-rule').map(({ path }) => path));
  const found = configs.filter(({ path }) => input.wanted(path));
  for (const file of input.secret) found.push(...(await inFile(input, reading, file, broken)));
  const { findings, unopened } = await openAll(input, reading);
  found.push(...findings, ...(await leftOvers(input, reading)), ...(await missingSecrets(input, reading)));
  found.push(...(await searched(input, reading, new Set(found.map(({ path }) => path)))));
  return { findings: sorted(found), unopened, unread: reading.unread };
}

/** @param broken the `.sops.yaml` files of which it is told already that they cannot be read */
async function inFile(
  { wanted }: Input,
  reading: Reading,
  { path, facts, config }: SecretFile,
  broken: ReadonlySet<string>,
): Promise<Finding[]> {
  // A new rule is about files that did not change, too.
  if (!wanted(path) && !(config !== undefined && wanted(config))) return [];
  const bytes = await reading.bytes(path);
  const all = bytes || facts.kind === 'unread' ? await findingsOf(path, bytes ?? new Uint8Array(), facts) : [];
  return all.filter(({ code }) => {
    if (code === 'bad-rule' && config !== undefined && broken.has(config)) return false;
    return wanted(path) || aboutRules.includes(code);
  });
}

const aboutRules: readonly Finding['code'][] = ['readers', 'bad-rule', 'rule-selects', 'no-rule', 'plain'];

/** Opens every encrypted file that matters: those that are wanted, and all others if their values may stand in what is wanted. */
async function openAll(
  { secret, wanted, open, values }: Input,
  reading: Reading,
): Promise<Pick<Checked, 'findings' | 'unopened'>> {
  const encrypted = encryptedOf(secret);
  const findings: Finding[] = [];
  const unopened: string[] = [];
  const isSearched = reading.paths.some((path) => wanted(path) && !encrypted.has(path));
  for (const path of encrypted) {
    const bytes = wanted(path) || isSearched ? await reading.bytes(path) : undefined;
    if (!bytes) continue;
    const opened = await open({ path, bytes }, (one) => {
      if (wanted(path)) findings.push(...verdictOf(path, one));
      if (one.verdict.ok) values.add(path, one);
      return true;
    }).catch(withoutKey);
    if (!opened) unopened.push(path);
  }
  return { findings, unopened };
}

function withoutKey(error: unknown): undefined {
  if (error instanceof LockstepError && error.code === 'NO_IDENTITY') return undefined;
  throw error;
}
