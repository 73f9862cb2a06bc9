import { utf8 } from '../bytes.ts';
import { Draft } from '../change/draft.ts';
import type { Intent, NamedValue, Step } from '../change/intent.ts';
import type { Member } from '../change/values.ts';
import { differenceOf } from '../document/steps.ts';
import { LockstepError } from '../errors.ts';
import { entriesOf } from '../format/place.ts';
import type { Opened } from '../open/open.ts';
import { proveDotenvx } from '../seal/prove.ts';
import type { Change } from '../seal/sign.ts';
import { defaultSelector } from '../sops/selection.ts';
import { isDotenvx, sealDotenvx } from '../tokens/dotenvx.ts';
import type { Scalar, Value } from '../tree/value.ts';
import { scalar, text as textScalar } from '../tree/value.ts';
import { dotenvxQuoted, isLeftPlain, isOwnName, linesOf, rawOf, valueIn, withValue } from './file.ts';

/**
 * A change of a file of dotenvx, in its own format: every line that the steps do not touch keeps its bytes, every new value is encrypted for
 * the public key. The private key is not needed. Throws NO_SUCH_ENTRY, ENTRY_EXISTS, BAD_NAME, BAD_VALUE, UNSUPPORTED_VALUE as `change`, and
 * UNSUPPORTED_FORMAT for what is there for files of SOPS alone.
 * @param takeAll takes steps on the lines of the file
 */
export async function changeDotenvx(
  opened: Opened,
  wanted: Intent | readonly Step[],
  takeAll: (draft: Draft, steps: readonly Step[]) => Promise<void>,
): Promise<Change> {
  const steps = 'kind' in wanted ? [wanted] : wanted;
  const before = opened.sealed.doc.text;
  const draft = new Draft(linesOf(before), defaultSelector);
  const writer = new Writer(opened);
  const made: Step[] = [];
  for (const step of steps) made.push(...(await writer.made(step)));
  await takeAll(draft, made);
  draft.check();
  const text = proveDotenvx(before, draft.doc.text, writer.spelled, writer.admitted);
  return { edits: differenceOf(before, text), text };
}

/** Turns steps on values into steps on what the lines hold. */
class Writer {
  readonly #opened: Opened;
  readonly #publicKey: string;
  /** What this change put behind a sign. */
  readonly spelled = new Set<string>();
  /** What stands there in another version of the file. */
  readonly admitted = new Set<string>();

  constructor(opened: Opened) {
    const { dotenvx } = opened.sealed;
    if (!dotenvx) throw new TypeError('no file of dotenvx');
    this.#opened = opened;
    this.#publicKey = dotenvx.publicKey;
  }

  async made(step: Step | Intent): Promise<readonly Step[]> {
    switch (step.kind) {
      case 'set':
        return this.#set(step.id, step.value);
      case 'add': {
        const members: Member[] = [];
        for (const { key, value } of step.members) members.push({ key, value: await this.#new(key, value) });
        return [{ ...step, members }];
      }
      case 'put':
        return this.#put(step.entries);
      case 'rename':
      case 'duplicate':
        checkName(step.key);
        return [step];
      case 'remove':
      case 'move':
      case 'comment':
      case 'reword':
        return [step];
      case 'merge':
        this.#admit(step.mine);
        return [step];
      default:
        throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
    }
  }

  /** Tokens of my version go into theirs as they are: only if both are for one key. */
  #admit({ sealed }: Opened): void {
    if (sealed.dotenvx?.publicKey !== this.#publicKey) throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
    const { doc } = linesOf(sealed.doc.text);
    for (const entry of doc.documents.flatMap((root) => entriesOf(root))) this.admitted.add(rawOf(doc, entry));
  }

  async #set(id: string, value: Scalar): Promise<Step[]> {
    const { sealed } = this.#opened;
    const leaf = sealed.leaves.find((one) => one.id === id);
    if (!leaf) throw new LockstepError('NO_SUCH_ENTRY');
    const wanted = textIn(value);
    const now = this.#opened.value(id);
    // What is typed for a value in plaintext is encrypted, even if it is the same.
    if (leaf.encrypted && now?.type === 'str' && now.value === wanted) return [];
    const raw = await this.#spell(String(leaf.path[0]), wanted, rawOf(sealed.doc, { value: leaf.node }));
    return [{ kind: 'set', id, value: textScalar(raw) }];
  }

  async #new(name: string | undefined, value: Value): Promise<Value> {
    if (name === undefined || value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { what: 'dotenv' });
    checkName(name);
    return scalar(textScalar(await this.#spell(name, textIn(value.scalar), '')));
  }

  async #put(entries: readonly NamedValue[]): Promise<Step[]> {
    const { doc } = this.#opened.sealed;
    const there = new Map(doc.documents.flatMap((root) => entriesOf(root)).map((one) => [one.key, one]));
    const made: NamedValue[] = [];
    for (const { name, value } of entries) {
      checkName(name);
      const entry = there.get(name);
      const raw = await this.#spell(name, textIn(value), entry ? rawOf(doc, entry) : '');
      made.push({ name, value: textScalar(raw) });
    }
    return made.length === 0 ? [] : [{ kind: 'put', entries: made }];
  }

  /** @param raw what stands there now */
  async #spell(name: string, value: string, raw: string): Promise<string> {
    const spelled = isLeftPlain(name) ? plainSpelled(value) : await this.#token(value);
    const whole = withValue(raw, spelled);
    // What reads the line must find the value, and nothing else.
    if (valueIn(whole) !== valueIn(spelled)) throw new LockstepError('BAD_VALUE', { what: 'dotenv' });
    this.spelled.add(whole);
    return whole;
  }

  async #token(value: string): Promise<string> {
    return dotenvxQuoted(await sealDotenvx(utf8(value), this.#publicKey), value);
  }
}

/** dotenvx leaves values of names that end in `_PLAIN` as they are. Throws BAD_VALUE for what has no spelling that it takes as it is. */
function plainSpelled(value: string): string {
  if (/^[\w./:@%+,=^~-]*$/.test(value)) return value;
  if (/['\r\n\\]/.test(value)) throw new LockstepError('BAD_VALUE', { what: 'dotenv' });
  return `'${value}'`;
}

function textIn(value: Scalar): string {
  // What begins as a token dotenvx takes for one that did not open.
  if (value.type !== 'str' || typeof value.value !== 'string' || isDotenvx(value.value))
    throw new LockstepError('BAD_VALUE', { what: 'dotenv' });
  return value.value;
}

function checkName(name: string): void {
  if (!/^(?:export )?[A-Za-z_][\w.-]*$/.test(name) || isOwnName(name) || name.startsWith('sops_'))
    throw new LockstepError('BAD_NAME', { what: 'dotenv' });
}
