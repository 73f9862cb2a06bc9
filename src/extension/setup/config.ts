import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { addRule } from '../../core/rules/edit.ts';
import { baseOf, configName } from '../../core/view/names.ts';
import { diskOf } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';

/** The files that a new `.sops.yaml` covers by name, wherever they are; what else is chosen is named exactly. */
const general = [
  { regex: '\\.env$', covers: (base: string) => base.endsWith('.env') },
  { regex: '(^|/)\\.env\\.[^/]+$', covers: (base: string) => /^\.env\.[^/]+$/.test(base) },
  {
    regex: '(^|/)secrets[^/]*\\.(ya?ml|json)$',
    covers: (base: string) => /^secrets.*\.(ya?ml|json)$/.test(base),
  },
];

/**
 * The `path_regex` of a rule for some files, by their paths from the folder of `.sops.yaml`. `alone`: it is the first
 * rule there is, so it may speak for files to come; beside other rules it names exactly these.
 */
export function pathRegex(paths: readonly string[], alone: boolean): string {
  const exact = paths.filter((path) => !alone || !general.some((one) => one.covers(baseOf(path))));
  return [...(alone ? general.map((one) => one.regex) : []), ...exact.map((path) => `^${quoted(path)}$`)].join('|');
}

const quoted = (path: string) => path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * Sees to it that the `.sops.yaml` of a folder has a rule for each of these files: writes a new one, or adds one rule for
 * those that no rule covers yet. Resolves to whether it wrote. Throws BAD_CONFIG and what writing throws.
 */
export async function ensureRule(
  { rules, platform }: Services,
  folder: vscode.WorkspaceFolder,
  files: readonly vscode.Uri[],
  recipient: string,
): Promise<boolean> {
  const uri = vscode.Uri.joinPath(folder.uri, configName);
  if (documentOf(uri)?.isDirty) throw new LockstepError('CHANGED_ON_DISK', { what: 'unsaved' });
  const disk = diskOf(platform, uri);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  // It came with the repository, and may lead to any file of this user.
  if (await disk.isLink(uri.fsPath)) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  const found = await disk.readIfThere(uri.fsPath);
  const text = found && fromUtf8(found.bytes);
  const alone = text === undefined || text.trim() === '';
  const covered = await Promise.all(files.map(async (file) => (await rules.find(file)) !== undefined));
  const bare = files.filter((_, i) => !covered[i]);
  if (!alone && bare.length === 0) return false;
  const paths = bare.map((file) => file.path.slice(folder.uri.path.replace(/\/$/, '').length + 1));
  const next = addRule(text, { pathRegex: pathRegex(paths, alone), recipients: [recipient] });
  await disk.write(uri.fsPath, utf8(next), found?.hash, { newMode: publicMode });
  rules.forget();
  return true;
}
