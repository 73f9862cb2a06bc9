import * as vscode from 'vscode';
import { change } from '../../../core/change/change.ts';
import { idOfPath } from '../../../core/change/locate.ts';
import { isDotenvxFile } from '../../../core/dotenvx/file.ts';
import { LockstepError } from '../../../core/errors.ts';
import type { FormatId } from '../../../core/format/document.ts';
import { nodeValue } from '../../../core/format/nodevalue.ts';
import { nodeAt } from '../../../core/format/place.ts';
import { type Merge, type MergeEntry, mergeThree } from '../../../core/merge/three.ts';
import type { Opened } from '../../../core/open/open.ts';
import { unseal } from '../../../core/open/unseal.ts';
import { namedKey } from '../../../core/people/names.ts';
import type { Session } from '../../../core/session/session.ts';
import { requireOpened } from '../../../core/session/state.ts';
import { sameKey } from '../../../core/sops/masterkey.ts';
import type { Metadata } from '../../../core/sops/metadata.ts';
import { readSealed } from '../../../core/sops/sealed.ts';
import { showPath } from '../../../core/tree/path.ts';
import { textOfValue } from '../../../core/tree/typed.ts';
import { scalar, type Value } from '../../../core/tree/value.ts';
import type { ConflictEntry, Requests, Results, Side } from '../../../protocol/requests.ts';
import { forgetReplaced } from '../../person/lostkeys.ts';
import { groupsNeeded } from '../../ui/keygroups.ts';
import { dotenvxSecret } from '../../vault/dotenvxkeys.ts';
import type { Page } from '../page.ts';
import { type Asked, done, editable } from './asked.ts';

const { t } = vscode.l10n;

/** The three texts of a conflict, all sealed. */
interface Texts {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** What a page knows of a conflict: later requests name entries by their position in it. */
interface Known {
  readonly texts: Texts;
  readonly entries: readonly MergeEntry[];
  readonly commentsChanged: boolean;
}

const known = new WeakMap<Page, Known>();

/** Throws NO_SUCH_ENTRY when there is none (any more). */
function textsOf({ page }: Asked): Texts {
  const { text: mine, file } = page.sheet.document;
  if (!file.theirs || !file.base) throw new LockstepError('NO_SUCH_ENTRY', { what: 'conflict' });
  return { base: file.base.text, mine, theirs: file.theirs.text };
}

/** Opens all three, hands them to `work`, and lets go of them. Throws CHANGED_ON_DISK (`unreadable`) for one that cannot be opened. */
function withOpened<T>(
  { page, services }: Asked,
  { base, mine, theirs }: Texts,
  work: (base: Opened, mine: Opened, theirs: Opened) => Promise<T>,
): Promise<T> {
  const { format, document } = page.sheet;
  const { uri } = document;
  const { sessions } = services;
  const dotenvx = (text: string, publicKey: string) => dotenvxSecret(services, uri, text, publicKey);
  return sessions.with(
    uri,
    base,
    (one) => {
      const withMine = (two: Session) => {
        const withTheirs = async (three: Session) => {
          const result = await work(side(one, format), side(two, format), side(three, format));
          // What was wiped by a lock while it was looked at does not count.
          for (const session of [one, two, three]) session.opened();
          return result;
        };
        return sessions.with(uri, theirs, withTheirs, two, dotenvx);
      };
      return sessions.with(uri, mine, withMine, one, dotenvx);
    },
    undefined,
    dotenvx,
  );
}

function side({ state }: Session, format: FormatId): Opened {
  if (state.kind === 'locked' || ('opened' in state && state.sealed.format === format)) return requireOpened(state);
  throw new LockstepError('CHANGED_ON_DISK', { what: 'unreadable' });
}

/** What both sides did to each entry that is not the same in all three. */
export async function conflict(_: Requests['conflict'], asked: Asked): Promise<Results['conflict']> {
  const texts = textsOf(asked);
  const merge: Merge = await withOpened(asked, texts, mergeThree);
  const entries = merge.entries.filter(({ state }) => state !== 'same');
  known.set(asked.page, { texts, entries, commentsChanged: merge.commentsChanged });
  return {
    entries: entries.map(
      ({ path, mine, theirs, state }): ConflictEntry => ({
        path: showPath(path),
        mine,
        theirs,
        clash: state === 'conflict',
      }),
    ),
  };
}

/** Throws CHANGED_ON_DISK when one of the texts is another one by now. */
function knownTo(asked: Asked): Known {
  const found = known.get(asked.page);
  const now = textsOf(asked);
  const same = found && (['base', 'mine', 'theirs'] as const).every((one) => found.texts[one] === now[one]);
  if (!same) throw new LockstepError('CHANGED_ON_DISK');
  return found;
}

export async function resolve({ sides }: Requests['resolve'], asked: Asked): Promise<Results['resolve']> {
  const document = editable(asked);
  const { texts, entries, commentsChanged } = knownTo(asked);
  if (sides.length !== entries.length) throw new LockstepError('BAD_VALUE', { what: 'side' });
  const chosen = sides.filter((_, i) => entries[i]?.state === 'conflict');
  const { clock, ui } = asked.services;
  if (!(await agreesToReaders(asked, texts))) return null;
  const merged = await withOpened(asked, texts, (base, mine, theirs) =>
    change(theirs, { kind: 'merge', base, mine, sides: chosen }, clock),
  );
  await document.resolve(t('Bring Changes Together'), texts, merged.text);
  known.delete(asked.page);
  await forgetReplaced(asked.services, document.uri, texts.base, texts.theirs);
  if (commentsChanged) {
    void ui.info(
      t('The comments now are those of the file on disk. Undo brings back your version with your comments.'),
    );
  }
  return done(asked);
}

/** Those who can read the file on disk can read the merged one. The values do not show who was added, so a person is asked. */
async function agreesToReaders({ page, services: { ui, rules } }: Asked, { mine, theirs }: Texts): Promise<boolean> {
  if (isDotenvxFile(page.sheet.document.uri.path, theirs)) return true;
  const [before, after] = [mine, theirs].map((text) => readSealed(text, page.sheet.format).metadata) as [
    Metadata,
    Metadata,
  ];
  const old = before.groups.flat();
  const added = after.groups.flat().filter((key) => !old.some((one) => sameKey(one, key)));
  const needed = [before, after].map(groupsNeeded);
  if (added.length === 0 && needed[0] === needed[1]) return true;
  const names = await rules.names(page.sheet.document.uri);
  const lines = [...new Set(added.map((key) => t('Added: {0}', namedKey(names, key))))];
  if (needed[0] !== needed[1])
    lines.push(needed[1] ? t('Needed together: {0}', needed[1]) : t('Each key opens it alone.'));
  return ui.confirm(
    t('The list of people who can read this file changed on disk.'),
    `${lines.join('\n')}\n\n${t('They will be able to read what you changed.')}`,
    t('Bring Together'),
  );
}

export async function revealSide(
  { index, side }: Requests['revealSide'],
  asked: Asked,
): Promise<Results['revealSide']> {
  const { texts, entries } = knownTo(asked);
  const entry = entries[index];
  if (!entry) throw new LockstepError('NO_SUCH_ENTRY');
  const value = await withOpened(asked, texts, async (_base, mine, theirs) => {
    const opened = pick(side, mine, theirs);
    if (opened.sealed.dotenvx) return valueOfDotenvx(opened, entry);
    const root = (await unseal(opened)).plain.doc.documents[entry.document];
    return root && nodeAt<Value>(nodeValue(root), entry.path);
  });
  return { text: value ? textOfValue(value) : '' };
}

/** What is encrypted for a key that is not here, too, has to be told apart from nothing. Throws NOT_A_RECIPIENT. */
function valueOfDotenvx(opened: Opened, { document, path }: MergeEntry): Value | undefined {
  const id = idOfPath(document, path);
  const value = opened.value(id);
  if (!value && opened.sealed.leaves.some((leaf) => leaf.id === id))
    throw new LockstepError('NOT_A_RECIPIENT', { path });
  return value && scalar(value);
}

const pick = (side: Side, mine: Opened, theirs: Opened): Opened => (side === 'mine' ? mine : theirs);
