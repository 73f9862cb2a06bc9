import type { Lines, NoticeAction, ValueType } from '../../src/protocol/messages.ts';
import type { FileVerb, PasteReason } from '../../src/protocol/requests.ts';
import { t } from './l10n.ts';

const pasteReasons: Readonly<Record<PasteReason, string>> = {
  'no-assignment': t('it has no equals sign.'),
  name: t('the file cannot hold this name.'),
  quote: t('the quote does not close, or text follows it.'),
  unencrypted: t('the rules of the file leave this name unencrypted.'),
  group: t('a group has this name.'),
  value: t('the format of the file cannot hold the value.'),
};

/** Every sentence, label and tooltip of the page, but the list of keys (`help.ts`). */
export const words = {
  title: t('Secrets Editor'),
  table: t('Secrets'),
  columns: { name: t('Name'), value: t('Value'), type: t('Type'), comment: t('Comment'), changed: t('Changed') },
  hidden: t('hidden'),
  empty: t('empty'),
  nothing: t('null'),
  binary: t('binary'),
  notEncrypted: t('Not encrypted: readable in the file'),
  notSaved: t('not saved'),
  damaged: t('Changed without the key, or damaged'),
  odd: t('Holds characters that do not show, or that look like others'),
  list: t('list'),
  noAnswer: t('There was no answer. Try again, or close and reopen the file.'),
  oddAnswer: t('The answer could not be understood. Close and reopen the file.'),
  failed: t('Something went wrong here. Close and reopen the file.'),

  readableBy: (count: number) =>
    count === 1 ? t('Encrypted · readable by 1') : t('Encrypted · readable by {0}', count),
  encrypted: t('Encrypted'),
  moreFile: t('More Actions on This File'),
  /** As package.json names the commands. */
  verbs: {
    readers: t('Update Who Can Read This File'),
    explain: t('Explain the State of This File'),
    exposed: t('Show Values Readable in Git History'),
    rotate: t('Rotate Data Key'),
    decrypt: t('Decrypt File in Place'),
    openAsText: t('Open as Text'),
  } satisfies Record<FileVerb, string>,
  replaceFile: t('Replace From File…'),
  saveCopy: t('Save a Copy…'),
  readOnly: t('Read-only'),
  readOnlyMore: t('Restricted Mode: the file can be read and not changed. Trust the workspace to edit it.'),
  presenting: t('Presenting'),
  presentingMore: t('Presentation mode is on: no value is shown or edited.'),
  presentingSearch: t('Presentation mode is on: values are not searched.'),
  search: t('Search names…'),
  searchValues: t('Search names and values…'),
  alsoValues: t('Search in values too'),
  clearSearch: t('End Search'),
  matches: (count: number, all: number) => t('{0} of {1}', count, all),
  noMatches: t('No match'),
  nothingMatches: (valuesToo: boolean) => (valuesToo ? t('No name or value matches.') : t('No name matches.')),
  add: t('Add'),
  addSecret: t('Add a Secret'),
  addGroup: t('Add Group'),
  collapseAll: t('Close All Groups'),
  expandAll: t('Open All Groups'),
  pasteEnv: t('Paste a .env'),
  pasteShort: t('Paste .env'),
  tableView: t('Table'),
  textView: t('Text'),
  views: t('View'),
  help: t('Keys'),
  emptyFile: t('There is no secret in this file yet.'),
  loading: t('Opening the file…'),
  opening: t('Opening the field…'),
  notSearched: t('Typing that goes on after a field has closed is not searched for: it may be a part of a value.'),
  actions: {
    unlock: t('Unlock'),
    encrypt: t('Encrypt File'),
    importKey: t('Import Key'),
    openAsText: t('Open as Text'),
    reload: t('Reload'),
    setUp: t('Set Up'),
  } satisfies Record<NoticeAction, string>,
  notices: {
    locked: t('Locked'),
    unreadable: t('You cannot read this file'),
    damaged: t('Damaged'),
    broken: t('The file cannot be read'),
    plain: t('Not encrypted'),
    gone: t('The file is gone'),
    unsupported: t('Not supported'),
    readers: t('Look at who can read this file'),
  },

  reveal: t('Reveal'),
  hide: t('Hide'),
  copy: t('Copy'),
  copyBase64: t('Copy as Base64'),
  copyName: t('Copy Name'),
  nameCopied: (name: string) => t('The name {0} is on the clipboard.', name),
  edit: t('Edit'),
  more: t('More Actions'),
  showAll: t('Show All'),
  revealed: (seconds: number) => t('Shown for {0} seconds.', seconds),
  hiddenAgain: t('Hidden again.'),
  copied: (name: string) => t('{0} is on the clipboard. It is cleared after a while.', name),
  valueOf: (name: string) => t('Value of {0}', name),
  editing: (name: string) => t('Editing {0}', name),
  nameOf: (name: string) => t('New name of {0}', name),
  typeOf: (name: string) => t('Type of {0}', name),
  commentOf: (name: string) => t('Comment of {0}', name),
  showTyped: t('Show what is typed'),
  hideTyped: t('Hide what is typed'),
  generate: t('Generate…'),
  setValue: t('Set Value'),
  setComment: t('Set Comment'),
  cancel: t('Cancel'),
  keep: t('Keep'),
  discard: t('Discard'),
  discardTyped: t('Discard what you typed?'),
  goOn: t('Go On Typing'),
  lostLocked: t('What you typed was not saved, because the file cannot be edited now.'),
  lostTyped: t('What you typed was not saved, because its entry is no longer there.'),
  types: {
    str: t('string'),
    int: t('integer'),
    float: t('number'),
    bool: t('true / false'),
    time: t('time'),
    null: t('nothing'),
  } satisfies Record<ValueType, string>,
  needs: {
    int: t('This type needs a whole number, such as 8080.'),
    float: t('This type needs a number, such as 0.5.'),
    bool: t('This type needs true or false.'),
    time: t('This type needs a date and time, such as 2030-01-31T12:00:00Z.'),
    null: t('This type has no value. Empty the field, or choose another type.'),
  } satisfies Record<Exclude<ValueType, 'str'>, string>,
  lines: { '1': '', '2-10': t('2–10 lines'), '10+': t('over 10 lines') } satisfies Record<Lines, string>,
  manyLines: t('Several lines: Ctrl+Enter sets the value, Escape leaves.'),

  rename: t('Rename'),
  editComment: t('Edit Comment'),
  duplicate: t('Duplicate'),
  moveUp: t('Move Up'),
  moveDown: t('Move Down'),
  moveTo: t('Move to…'),
  addBelow: t('Add Secret Below'),
  addInside: t('Add Secret Inside'),
  markPlain: t('Store Unencrypted…'),
  markSecret: t('Encrypt This Value'),
  remove: t('Delete'),
  removeSeveral: (count: number) => t('Delete {0} Entries', count),
  removeAsk: (name: string) => t('Delete {0}? You can undo this until you close the file.', name),
  removeMany: (count: number) => t('Delete {0} entries? You can undo this until you close the file.', count),
  removeGroup: (name: string, count: number) =>
    count === 1
      ? t('Delete {0} and the entry in it? You can undo this until you close the file.', name)
      : t('Delete {0} and the {1} entries in it? You can undo this until you close the file.', name, count),
  removed: (count: number) =>
    count === 1 ? t('Deleted. You can undo this.') : t('{0} entries deleted. You can undo this.', count),
  markPlainAsk: (name: string) =>
    t(
      '{0} will be plaintext in the file, and everyone who can read the repository can read it. That suits a port or a host name, not a secret.',
      name,
    ),
  markPlainDo: t('Store Unencrypted'),
  comment: t('comment'),
  into: (group: string) => t('In {0}', group),
  atTop: t('At the top level'),
  nameMissing: t('A name is needed.'),
  asList: t('A list (entries have positions, not names)'),
  copyOf: (name: string) => `${name}_copy`,
  moveTitle: (name: string) => t('Move {0} to', name),
  filterGroups: t('Filter groups…'),
  topLevel: t('Top level'),
  noGroup: t('There is no other group.'),
  moved: (name: string) => t('{0} was moved.', name),

  pasteNoSection: t('Entries of an INI file are in sections: add them one by one, or in the Text view.'),
  pasteText: t('NAME=value, one on each line. What you paste stays hidden.'),
  pasteDone: (added: number) =>
    added === 0
      ? t('Nothing was added.')
      : added === 1
        ? t('1 secret was added.')
        : t('{0} secrets were added.', added),
  pasteExist: (count: number) =>
    count === 1
      ? t('This one exists already and was left as it is:')
      : t('These {0} exist already and were left as they are:', count),
  pasteSkipped: (line: number, why: PasteReason) => t('Line {0} was not taken: {1}', line, pasteReasons[why]),
  pasteReplace: (count: number) => (count === 1 ? t('Replace It') : t('Replace {0}', count)),
  pasteReplaced: (count: number) =>
    count === 1 ? t('1 secret was replaced.') : t('{0} secrets were replaced.', count),
  pasteCorrect: t('Correct these lines below and add them again. What was added stays.'),
  pasteNothing: t('Paste or type at least one line.'),
  close: t('Close'),

  kinds: { characters: t('Characters'), key: t('Key'), uuid: t('UUID'), words: t('Words') },
  generateTitle: t('Generate a value'),
  length: t('Length'),
  alphabets: { lower: t('a–z'), upper: t('A–Z'), digits: t('0–9'), symbols: t('!#$…') },
  bitsKey: (bits: number) => t('{0} bits, base64', bits),
  wordCount: t('Words'),
  separator: t('Between words'),
  another: t('Another Value'),
  oneAlphabet: t('Choose at least one kind of character.'),
  strength: {
    weak: (bits: number) => t('Weak: {0} bits. It can be guessed.', bits),
    fair: (bits: number) => t('Fair: {0} bits. Enough where guesses are limited.', bits),
    strong: (bits: number) => t('Strong: {0} bits.', bits),
    best: (bits: number) => t('Very strong: {0} bits.', bits),
  },
  generated: t('A new value is in the field. Enter sets it.'),

  conflictBar: t('The file changed on disk while it has unsaved changes here.'),
  conflictOpen: t('Compare and Choose'),
  conflictTitle: t('Two sets of changes'),
  conflictEntries: t('Entries that differ'),
  conflictText: (clashes: number) =>
    clashes === 0
      ? t('Nothing was changed on both sides. All changes can be taken over.')
      : clashes === 1
        ? t('One entry was changed on both sides. Choose which one stays; all other changes are taken over.')
        : t(
            '{0} entries were changed on both sides. Choose which one stays; all other changes are taken over.',
            clashes,
          ),
  conflictEntry: t('Entry'),
  changes: { same: t('as before'), changed: t('changed'), added: t('added'), removed: t('deleted') },
  mine: t('Here'),
  theirs: t('On disk'),
  allMine: t('Keep All from Here'),
  allTheirs: t('Take All from Disk'),
  apply: t('Apply'),
  chooseAll: (left: number) =>
    left === 1 ? t('One entry still needs a choice.') : t('{0} entries still need a choice.', left),
  back: t('Back'),
  resolved: t('Both sets of changes are in. Save to keep them.'),
  notResolved: t('Nothing was changed. The conflict is still open.'),

  textLabel: t('Secrets as text, values hidden'),
  textFailed: t('The Text view could not be loaded. Close and reopen the file.'),
  notCopied: t('Values are not copied from here: dots were copied instead. Use Copy in the table.'),
  copiedAsText: t('Copied as text. It stays on the clipboard; Copy in the table clears it after a while.'),
  masksPasted: t('Nothing was pasted: it holds dots in place of values.'),
  find: t('Find'),
  replaceBy: t('Replace by'),
  replaceAll: t('Replace All'),
  findNext: t('Next match'),
  findPrevious: t('Previous match'),
  matchCase: t('Match case'),
  findCount: (at: number, all: number) =>
    all === 0 ? t('No match') : at === 0 ? t('{0} found', all) : t('{0} of {1}', at, all),
  replaced: (count: number) =>
    count === 1 ? t('1 match replaced. You can undo this.') : t('{0} matches replaced. You can undo this.', count),
  replacedInDraft: (count: number) =>
    count === 1
      ? t('1 match replaced. The text is not in the file yet.')
      : t('{0} matches replaced. The text is not in the file yet.', count),
  draft: t('This text is not in the file yet:'),
  problemAt: (line: number, text: string) => t('Line {0}: {1}', line, text),
} as const;
