import type { OpenFile } from '../checklist/digests.ts';
import { type ErrorCode, LockstepError } from '../errors.ts';
import { ignoredPath, NotSecrets } from '../scan/ignored.ts';
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
  const { verdicts, unopened } = await openAll(input, reading);
  found.push(...verdicts, ...(await leftOvers(input, reading)), ...(await missingSecrets(input, reading)));
  const said = new NotSecrets(await reading.text(ignoredPath));
  const counts = (one: Finding) => !isAccepted(said, one);
  found.push(...(await searched(input, reading, pathsOf(found.filter(listsValues).filter(counts)))));
  return { findings: sorted(found.filter(counts)), unopened, unread: reading.unread };
}

const pathsOf = (found: readonly Finding[]): ReadonlySet<string> => new Set(found.map(({ path }) => path));

/** Whether the file is kept back as one that has values; any other finding says nothing of the values in it. */
const listsValues = ({ code }: Finding): boolean => code === 'plain' || code === 'left-over' || code === 'conflict';

/** Whether somebody has written down that it is as it should be: by the code of the finding, or as `lockstep scan` calls it. */
function isAccepted(said: NotSecrets, { code, path, name }: Finding): boolean {
  const rule = code === 'own-value' ? 'own-secret' : code;
  return said.has(path, { rule, name: code === 'own-value' ? undefined : name });
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

/** Opened at once, so that an agent asks a person one question about all of them. */
const together = 100;

/** Opens every encrypted file, also those that are not checked: their values may be in the files that are. */
async function openAll(input: Input, reading: Reading): Promise<{ verdicts: Finding[]; unopened: string[] }> {
  const { secret, wanted } = input;
  const encrypted = encryptedOf(secret);
  const verdicts: Finding[] = [];
  const all = reading.paths.some(wanted) ? [...encrypted] : [];
  let unopened: string[] = [];
  for (let at = 0; at < all.length; at += together) {
    const some = all.slice(at, at + together);
    const opened = await Promise.all(some.map((path) => openOne(input, reading, path, verdicts, input.open)));
    unopened.push(...some.filter((_, i) => !opened[i]));
  }
  if (input.ask) {
    const left: string[] = [];
    for (const path of unopened) if (!(await openOne(input, reading, path, verdicts, input.ask))) left.push(path);
    unopened = left;
  }
  return { verdicts, unopened };
}

/** Whether a file opened; one that is not there has nothing to open. */
async function openOne(
  { wanted, values }: Input,
  reading: Reading,
  path: string,
  verdicts: Finding[],
  open: OpenFile,
): Promise<boolean> {
  const bytes = await reading.bytes(path);
  if (!bytes) return true;
  const opened = await open({ path, bytes }, (one) => {
    if (wanted(path)) verdicts.push(...verdictOf(path, one));
    if (one.verdict.ok) values.add(path, one);
    return true;
  }).catch(withoutKey);
  return opened === true;
}

function withoutKey(error: unknown): undefined {
  if (error instanceof LockstepError && error.code === 'NO_IDENTITY') return undefined;
  throw error;
}
