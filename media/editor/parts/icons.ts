// VS Code's own icons, drawn into the bundle.
import add from '@vscode/codicons/src/icons/add.svg';
import arrowDown from '@vscode/codicons/src/icons/arrow-down.svg';
import arrowUp from '@vscode/codicons/src/icons/arrow-up.svg';
import broadcast from '@vscode/codicons/src/icons/broadcast.svg';
import calendar from '@vscode/codicons/src/icons/calendar.svg';
import caseSensitive from '@vscode/codicons/src/icons/case-sensitive.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import circleFilled from '@vscode/codicons/src/icons/circle-filled.svg';
import clippy from '@vscode/codicons/src/icons/clippy.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import collapseAll from '@vscode/codicons/src/icons/collapse-all.svg';
import comment from '@vscode/codicons/src/icons/comment.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import edit from '@vscode/codicons/src/icons/edit.svg';
import ellipsis from '@vscode/codicons/src/icons/ellipsis.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import expandAll from '@vscode/codicons/src/icons/expand-all.svg';
import eye from '@vscode/codicons/src/icons/eye.svg';
import eyeClosed from '@vscode/codicons/src/icons/eye-closed.svg';
import files from '@vscode/codicons/src/icons/files.svg';
import folderOpened from '@vscode/codicons/src/icons/folder-opened.svg';
import gitCompare from '@vscode/codicons/src/icons/git-compare.svg';
import history from '@vscode/codicons/src/icons/history.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import key from '@vscode/codicons/src/icons/key.svg';
import linkExternal from '@vscode/codicons/src/icons/link-external.svg';
import listTree from '@vscode/codicons/src/icons/list-tree.svg';
import lock from '@vscode/codicons/src/icons/lock.svg';
import move from '@vscode/codicons/src/icons/move.svg';
import newFolder from '@vscode/codicons/src/icons/new-folder.svg';
import note from '@vscode/codicons/src/icons/note.svg';
import organization from '@vscode/codicons/src/icons/organization.svg';
import question from '@vscode/codicons/src/icons/question.svg';
import refresh from '@vscode/codicons/src/icons/refresh.svg';
import rename from '@vscode/codicons/src/icons/rename.svg';
import saveAs from '@vscode/codicons/src/icons/save-as.svg';
import search from '@vscode/codicons/src/icons/search.svg';
import shield from '@vscode/codicons/src/icons/shield.svg';
import sparkle from '@vscode/codicons/src/icons/sparkle.svg';
import trash from '@vscode/codicons/src/icons/trash.svg';
import unlock from '@vscode/codicons/src/icons/unlock.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';

const drawings = {
  add,
  'arrow-down': arrowDown,
  'arrow-up': arrowUp,
  broadcast,
  calendar,
  'case-sensitive': caseSensitive,
  check,
  'chevron-down': chevronDown,
  'chevron-right': chevronRight,
  'circle-filled': circleFilled,
  clippy,
  close,
  'collapse-all': collapseAll,
  comment,
  copy,
  edit,
  ellipsis,
  error,
  'expand-all': expandAll,
  eye,
  'eye-closed': eyeClosed,
  files,
  'folder-opened': folderOpened,
  'git-compare': gitCompare,
  history,
  info,
  key,
  'link-external': linkExternal,
  'list-tree': listTree,
  lock,
  move,
  'new-folder': newFolder,
  note,
  organization,
  question,
  refresh,
  rename,
  'save-as': saveAs,
  search,
  shield,
  sparkle,
  trash,
  unlock,
  warning,
};

export type IconName = keyof typeof drawings;

const made = new Map<IconName, Element>();

/** An icon, hidden from screen readers: the words are beside it or in its button's label. */
export function icon(name: IconName): Element {
  let drawing = made.get(name);
  if (!drawing) {
    drawing = new DOMParser().parseFromString(drawings[name], 'image/svg+xml').documentElement;
    drawing.setAttribute('class', 'icon');
    drawing.setAttribute('aria-hidden', 'true');
    made.set(name, drawing);
  }
  return document.importNode(drawing, true);
}
