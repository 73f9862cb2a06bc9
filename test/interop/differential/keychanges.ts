import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { bytesOfText, textOfBytes } from '../../../src/core/format/encoding.ts';
import { keptThreshold, planKeys } from '../../../src/core/keys/updatekeys.ts';
import { type Opened, open } from '../../../src/core/open/open.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import { readSealed, type Sealed } from '../../../src/core/sops/sealed.ts';
import { clock, keyringOf } from '../../core/support.ts';
import { requireHidden } from './canary.ts';
import { asSopsReads, cannotWrite, comparePrinted, refusal, sameValues, valuesOf } from './compare.ts';
import {
  companies,
  config,
  creationRule,
  everybody,
  identities,
  type KeyCase,
  type KeyOperation,
  type Layout,
} from './keyoperations.ts';
import { inPlace, type Ran, type Sops } from './sops.ts';

const ringOf = (who: readonly number[]) => keyringOf(...identities(who));

/** A file to work on, or undefined where one of the two refuses the plain one: that is compared elsewhere. */
async function start(format: FormatId, one: KeyCase, sops: Sops): Promise<Opened | undefined> {
  const { groups, shamirThreshold } = creationRule(one.before, one);
  const options = { recipients: [], groups, shamirThreshold, ...one.rule };
  const ours = await sealBytes(bytesOfText(one.source), format, options, clock).catch(refusal);
  if (ours instanceof LockstepError) return undefined;
  let text: string = ours.text;
  if (one.bySops) {
    const ran = await sops.encrypt(asSopsReads(format, one.source), format, one.rule, config(one.before, one));
    if (ran.status !== 0) return undefined;
    text = ran.out;
  }
  const opened = await open(readSealed(text, format), await ringOf(everybody)).catch(refusal);
  return opened instanceof LockstepError || !opened.verdict.ok ? undefined : opened;
}

/**
 * The two change the keys of one file. Both refuse, or both results have the same keys, let in the same people, hold what
 * the file held, and are what the other would have made: its `updatekeys` finds nothing to do. False where there is no
 * file that both can work on.
 */
export async function compareKeys(
  operation: KeyOperation,
  format: FormatId,
  one: KeyCase,
  sopsOfNobody: Sops,
): Promise<boolean> {
  const sops = sopsOfNobody.as(...identities(everybody));
  const opened = await start(format, one, sops);
  if (!opened) return false;
  sops.write('rule.yaml', config(one.wanted, one));
  const change = await operation.ours(opened, one).catch(refusal);
  const theirs = await inPlace(sops, format, opened.sealed.doc.text, (name) => operation.theirs(name, one));
  const layout = operation.after(one);
  if (!(change instanceof LockstepError)) requireHidden(format, one.rule.selector, [one.source], change.text);
  if (change instanceof LockstepError) await compareRefusal(format, layout, change, theirs, sops);
  else if (theirs.status !== 0) assert.ok(cannotWrite(theirs) || oneOfMany(layout), `sops refuses: ${theirs.err}`);
  else if (!oneOfMany(layout))
    await compareChanges(operation, format, opened, layout, one, { ours: change.text, theirs: theirs.text }, sops);
  return true;
}

/**
 * A threshold of 1 cannot be had with several groups. `groups` of sops writes it down and leaves the old parts; its
 * `updatekeys` fails. We refuse it where it is asked for, and need all groups where it stood in a file of one.
 */
const oneOfMany = ({ groups, threshold }: Layout) => threshold === 1 && groups.length > 1;

/**
 * What we refuse sops refuses, or it writes a file that nobody can open any more: `groups` passes over that the parts
 * cannot be made.
 */
async function compareRefusal(
  format: FormatId,
  layout: Layout,
  error: LockstepError,
  theirs: Ran & { text: string },
  sops: Sops,
): Promise<void> {
  assert.ok(['KEY_GROUPS', 'NO_RECIPIENTS'].includes(error.code), `we refuse: ${error.message}`);
  if (theirs.status !== 0 || oneOfMany(layout)) return;
  assert.notEqual((await sops.decrypt(theirs.text, format)).status, 0, 'sops does what we refuse');
}

async function compareChanges(
  operation: KeyOperation,
  format: FormatId,
  opened: Opened,
  layout: Layout,
  one: KeyCase,
  { ours, theirs }: { ours: string; theirs: string },
  sops: Sops,
): Promise<void> {
  const result = readSealed(ours, format);
  const other = parsed(theirs, format);
  // A block scalar in clear text that sops prints so that it is no YAML any more.
  if (!other) return assert.notEqual((await sops.decrypt(theirs, format)).status, 0, 'sops opens its file, we do not');
  assert.deepEqual(keysIn(other), keysIn(result), 'keys');
  const able = companies.filter((who) => opens(layout, who));
  for (const text of [ours, theirs]) await compareAccess(format, text, able, one, sops);
  await compareContent(format, opened, ours, theirs, sops.as(...identities(able[one.which % able.length] ?? [])));
  if (operation.keeps.ours) assert.deepEqual(ciphertexts(result), ciphertexts(opened.sealed), 'ciphertexts of ours');
  else
    assert.ok(
      ciphertexts(result).every((text, i) => text !== ciphertexts(opened.sealed)[i]),
      'one that stayed',
    );
  if (operation.keeps.theirs) compareKept(opened.sealed, other);
  await compareUpdates(format, layout, one, ours, theirs, sops);
}

function parsed(text: string, format: FormatId): Sealed | undefined {
  try {
    return readSealed(text, format);
  } catch (error) {
    refusal(error);
    return undefined;
  }
}

/** Keys, groups and threshold as a file has them. */
const keysIn = ({ metadata: { groups, shamirThreshold } }: Sealed) => [
  groups.map((keys) => [...new Set(keys.map((key) => key.name))].sort()),
  shamirThreshold,
];

/** Whether these people together hold parts of enough groups: the rule, told without either program. */
function opens({ groups, threshold }: Layout, who: readonly number[]): boolean {
  const held = groups.filter((group) => group.some((one) => who.includes(one))).length;
  if (groups.length === 1) return held === 1;
  return held >= (threshold < 2 ? groups.length : threshold);
}

/** We let in exactly those who are `able`; so does sops, of whom one company of each kind is asked. */
async function compareAccess(
  format: FormatId,
  text: string,
  able: readonly (readonly number[])[],
  { which }: KeyCase,
  sops: Sops,
): Promise<void> {
  for (const who of companies) {
    const opened = await open(readSealed(text, format), await ringOf(who)).catch(refusal);
    const code = opened instanceof LockstepError ? opened.code : 'opened';
    assert.equal(able.includes(who) ? 'opened' : 'NOT_A_RECIPIENT', code, `for ${who}`);
  }
  const unable = companies.filter((who) => !able.includes(who));
  const shut = unable[which % unable.length];
  if (!shut) return;
  const { status, err } = await sops.as(...identities(shut)).decrypt(text, format);
  assert.equal(status, 128, `sops for ${shut}: ${err}`);
}

/** Both results hold, by their MACs, what the file held. @param sops of somebody who may read both. */
async function compareContent(
  format: FormatId,
  before: Opened,
  ours: string,
  theirs: string,
  sops: Sops,
): Promise<void> {
  const after = await open(readSealed(ours, format), await ringOf(everybody));
  assert.ok(after.verdict.ok, 'our MAC');
  assert.deepEqual(valuesOf(after), valuesOf(before));
  await comparePrinted(format, textOfBytes(await unsealBytes(after)), ours, theirs, sops);
  const other = await open(readSealed(theirs, format), await ringOf(everybody)).catch(refusal);
  // Files that sops prints so that it cannot read them itself: `comparePrinted` says which.
  if (other instanceof LockstepError || !other.verdict.ok)
    return assert.notEqual((await sops.decrypt(theirs, format)).status, 0, 'sops opens its file, we do not');
  const of = { file: ours, values: valuesOf(before) };
  await sameValues(format, of, { file: theirs, values: valuesOf(other) }, sops);
}

/** Every text that is encrypted, in its order. */
const ciphertexts = ({ leaves }: Sealed) =>
  leaves
    .filter(({ encrypted }) => encrypted)
    .map(({ node }) => String(node.scalar.type === 'null' ? '' : node.scalar.value));

function compareKept(before: Sealed, after: Sealed): void {
  assert.deepEqual(ciphertexts(after), ciphertexts(before), 'ciphertexts of sops');
  assert.equal(after.metadata.mac, before.metadata.mac);
  assert.equal(after.metadata.lastModified, before.metadata.lastModified);
}

/**
 * With a rule of the keys that a file has now, neither finds anything to do in what the other made. Only a threshold that
 * is higher than there are groups, which stands in files of one, both would put down.
 */
async function compareUpdates(
  format: FormatId,
  layout: Layout,
  one: KeyCase,
  ours: string,
  theirs: string,
  sops: Sops,
): Promise<void> {
  const upToDate = layout.threshold <= layout.groups.length;
  const { groups } = creationRule({ ...layout, threshold: 0 }, one);
  const { metadata } = readSealed(theirs, format);
  const plan = planKeys(metadata, groups, keptThreshold(metadata, groups.length));
  assert.equal(plan.changed, !upToDate, 'we would update the file of sops');
  sops.write('rule.yaml', config({ ...layout, threshold: 0 }, one));
  const args = ['--config', 'rule.yaml', 'updatekeys', '-y'];
  const { status, err, text } = await inPlace(sops, format, ours, (name) => [...args, name]);
  assert.ok(status === 0 || !upToDate, err);
  assert.equal(/already up to date/.test(err), upToDate, err);
  if (upToDate) assert.equal(text, ours);
}
