/** Every command, in the words of package.json; a test keeps the two the same. Arguments are ids, never values. */
export const commands = {
  setUp: 'lockstep.setUp',
  encryptFile: 'lockstep.encryptFile',
  decryptFile: 'lockstep.decryptFile',
  encryptEdits: 'lockstep.encryptEdits',
  encryptSelection: 'lockstep.encryptSelection',
  decryptSelection: 'lockstep.decryptSelection',
  encryptWithKey: 'lockstep.encryptWithKey',
  decryptWithKey: 'lockstep.decryptWithKey',
  addEncryptionKey: 'lockstep.addEncryptionKey',
  generateEncryptionKey: 'lockstep.generateEncryptionKey',
  resetEncryptionKey: 'lockstep.resetEncryptionKey',
  removeEncryptionKey: 'lockstep.removeEncryptionKey',
  copyEncryptionKey: 'lockstep.copyEncryptionKey',
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
  requestAccess: 'lockstep.requestAccess',
  grantAccess: 'lockstep.grantAccess',
  revokeAccess: 'lockstep.revokeAccess',
  manageKeys: 'lockstep.manageKeys',
  createKey: 'lockstep.createKey',
  importKey: 'lockstep.importKey',
  importSecrets: 'lockstep.importSecrets',
  backUpKey: 'lockstep.backUpKey',
  restoreKeys: 'lockstep.restoreKeys',
  addRecoveryKey: 'lockstep.addRecoveryKey',
  togglePresentation: 'lockstep.togglePresentation',
  explainFile: 'lockstep.explainFile',
  whyNotOpen: 'lockstep.whyNotOpen',
  showExposed: 'lockstep.showExposed',
  findSecrets: 'lockstep.findSecrets',
  moveToSecrets: 'lockstep.moveToSecrets',
  notSecret: 'lockstep.notSecret',
  findLeftOver: 'lockstep.findLeftOver',
  showChecklist: 'lockstep.showChecklist',
  setPolicy: 'lockstep.setPolicy',
  showHistory: 'lockstep.showHistory',
  showOldValue: 'lockstep.showOldValue',
  restoreValue: 'lockstep.restoreValue',
  replaceFromFile: 'lockstep.replaceFromFile',
  saveCopy: 'lockstep.saveCopy',
  moveDotenvxKey: 'lockstep.moveDotenvxKey',
  exportSecrets: 'lockstep.exportSecrets',
  showAccessLog: 'lockstep.showAccessLog',
  runWithSecrets: 'lockstep.runWithSecrets',
  openTerminal: 'lockstep.openTerminal',
  switchEnvironment: 'lockstep.switchEnvironment',
  showAnswers: 'lockstep.showAnswers',
  forgetAnswers: 'lockstep.forgetAnswers',
  showMenu: 'lockstep.showMenu',
  openEntry: 'lockstep.openEntry',
  copyEntry: 'lockstep.copyEntry',
  setEntry: 'lockstep.setEntry',
  encryptListed: 'lockstep.encryptListed',
  updateListed: 'lockstep.updateListed',
  rotateListed: 'lockstep.rotateListed',
  listByFile: 'lockstep.listByFile',
  listByPerson: 'lockstep.listByPerson',
  refreshViews: 'lockstep.refreshViews',
  setUpGit: 'lockstep.setUpGit',
  resolve: 'lockstep.resolve',
  compareSecrets: 'lockstep.compareSecrets',
  openAsOf: 'lockstep.openAsOf',
  checkCommit: 'lockstep.checkCommit',
  commitChecked: 'lockstep.commitChecked',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** The views of the activity bar, as package.json names them. */
export const secretsView = 'lockstep.secrets';
export const peopleView = 'lockstep.people';

/** The list of values in git history, as package.json names it. */
export const exposedView = 'lockstep.exposed';

/** The history of one secret, as package.json names it. */
export const historyView = 'lockstep.history';

/** The checklists of those who left, as package.json names them. */
export const leaversView = 'lockstep.leavers';

/** The Secrets Editor, as package.json names it. */
export const editorId = 'lockstep.secretsEditor';

/** Settings without their `lockstep.` prefix are read through settings.ts only. */
export const settings = {
  maskEncrypted: 'lockstep.mask.encryptedFiles',
  maskPlain: 'lockstep.mask.plainFiles',
  maskClick: 'lockstep.mask.click',
  lensEntries: 'lockstep.codeLens.entries',
  lensFile: 'lockstep.codeLens.file',
  showComments: 'lockstep.comments.show',
  revealSeconds: 'lockstep.reveal.seconds',
  clipboardSeconds: 'lockstep.clipboard.clearAfterSeconds',
  idleMinutes: 'lockstep.lock.afterIdleMinutes',
  editorDefault: 'lockstep.editor.default',
  oneTab: 'lockstep.editor.oneTab',
  offerSetUp: 'lockstep.offerSetUp',
  redactDebugConsole: 'lockstep.debug.redactConsole',
  accessNotify: 'lockstep.access.notify',
  accessNotices: 'lockstep.access.writeNotices',
  environments: 'lockstep.environments',
  keyServices: 'lockstep.keyServices',
  secretReadings: 'lockstep.secrets.readings',
} as const;

/** Context keys for `when` clauses. `file` is the state of the active text editor's file. */
export const contexts = {
  /** 'none' | 'plain' | 'locked' | 'open' | 'unreadable' | 'damaged' | 'unsupported' | 'broken' | 'dotenvx' */
  file: 'lockstep.file',
  /** The active text editor shows a file that *Encrypt File* can take: plain, on a disk, of a format that is handled. */
  canEncrypt: 'lockstep.canEncrypt',
  /** The cursor is on an entry of a secret file. */
  onEntry: 'lockstep.onEntry',
  /** The state of the file in the active Secrets Editor, as for `file`. */
  editor: 'lockstep.editor',
  /** The file in front, in either editor, is an encrypted binary one. */
  binary: 'lockstep.binary',
  editorBinary: 'lockstep.editorBinary',
  locked: 'lockstep.locked',
  noKey: 'lockstep.noKey',
  presenting: 'lockstep.presenting',
  /** A value or a comment is revealed. */
  revealed: 'lockstep.revealed',
  /** The list of values in git history has some. */
  hasExposed: 'lockstep.hasExposed',
  /** The history of a secret was asked for. */
  hasHistory: 'lockstep.hasHistory',
  /** How *People × Files* is put together: 'person' or 'file'. */
  listedBy: 'lockstep.listedBy',
  /** Some files have other readers than their rules name. */
  drift: 'lockstep.drift',
  /** There are checklists of those who left. */
  hasLeavers: 'lockstep.hasLeavers',
  /** The next commit has something in it that it should not have. */
  commitHasProblems: 'lockstep.commitHasProblems',
  /** The paths of files that are known to be encrypted, as the names of an object; undefined where there is none. */
  encryptedFiles: 'lockstep.encryptedFiles',
  /** git has an encrypted file in conflict. */
  hasConflicts: 'lockstep.hasConflicts',
  /** The paths of encrypted files that git has in conflict, as the names of an object. */
  conflicts: 'lockstep.conflicts',
} as const;

/** Context keys of the walkthrough in package.json: the steps of the wizard that are done. */
export const stepContexts = {
  key: 'lockstep.done.key',
  files: 'lockstep.done.files',
  rules: 'lockstep.done.rules',
  encrypt: 'lockstep.done.encrypt',
  verify: 'lockstep.done.verify',
  backUp: 'lockstep.done.backUp',
  commit: 'lockstep.done.commit',
} as const;

/** A property of debug configurations, by which a session, and those that it starts, are known to be ours. It is no secret. */
export const debugMark = '__lockstepSession';
