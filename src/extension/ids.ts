/** Every command, in the words of package.json; a test keeps the two the same. Arguments are ids, never values. */
export const commands = {
  setUp: 'lockstep.setUp',
  encryptFile: 'lockstep.encryptFile',
  decryptFile: 'lockstep.decryptFile',
  encryptEdits: 'lockstep.encryptEdits',
  copyValue: 'lockstep.copyValue',
  revealValue: 'lockstep.revealValue',
  hideValues: 'lockstep.hideValues',
  setValue: 'lockstep.setValue',
  generateValue: 'lockstep.generateValue',
  addSecret: 'lockstep.addSecret',
  renameSecret: 'lockstep.renameSecret',
  deleteSecret: 'lockstep.deleteSecret',
  removeQuotes: 'lockstep.removeQuotes',
  openEditor: 'lockstep.openEditor',
  openAsText: 'lockstep.openAsText',
  moreActions: 'lockstep.moreActions',
  rotateDataKey: 'lockstep.rotateDataKey',
  updateReaders: 'lockstep.updateReaders',
  lock: 'lockstep.lock',
  unlock: 'lockstep.unlock',
  copyPublicKey: 'lockstep.copyPublicKey',
  manageKeys: 'lockstep.manageKeys',
  importKey: 'lockstep.importKey',
  backUpKey: 'lockstep.backUpKey',
  togglePresentation: 'lockstep.togglePresentation',
  explainFile: 'lockstep.explainFile',
  showExposed: 'lockstep.showExposed',
  showMenu: 'lockstep.showMenu',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** The Secrets Editor, as package.json names it. */
export const editorId = 'lockstep.secretsEditor';

/** Settings without their `lockstep.` prefix are read through settings.ts only. */
export const settings = {
  maskEncrypted: 'lockstep.mask.encryptedFiles',
  maskPlain: 'lockstep.mask.plainFiles',
  lensEntries: 'lockstep.codeLens.entries',
  lensFile: 'lockstep.codeLens.file',
  revealSeconds: 'lockstep.reveal.seconds',
  clipboardSeconds: 'lockstep.clipboard.clearAfterSeconds',
  idleMinutes: 'lockstep.lock.afterIdleMinutes',
  editorDefault: 'lockstep.editor.default',
  offerSetUp: 'lockstep.offerSetUp',
} as const;

/** Context keys for `when` clauses. `file` is the state of the active text editor's file. */
export const contexts = {
  /** 'none' | 'plain' | 'locked' | 'open' | 'unreadable' | 'damaged' | 'unsupported' | 'broken' */
  file: 'lockstep.file',
  /** The active text editor shows a file that *Encrypt File* can take: plain, on a disk, of a format that is handled. */
  canEncrypt: 'lockstep.canEncrypt',
  /** The cursor is on an entry of a secret file. */
  onEntry: 'lockstep.onEntry',
  locked: 'lockstep.locked',
  hasKey: 'lockstep.hasKey',
  presenting: 'lockstep.presenting',
} as const;
