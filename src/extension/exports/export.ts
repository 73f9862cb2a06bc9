import * as vscode from 'vscode';
import { utf8 } from '../../core/bytes.ts';
import { staysBehind } from '../../core/enckeys/given.ts';
import { type Handed, handedOf } from '../../core/env/nested.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { isSecretName } from '../../core/foreign/write/data.ts';
import { leavesAs, type TargetName, targetNames } from '../../core/foreign/write/names.ts';
import type { WriteOptions } from '../../core/foreign/write/target.ts';
import { exportText, fileOf, problemsOf } from '../../core/foreign/write/write.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Clock } from '../../core/ports.ts';
import type { Session } from '../../core/session/session.ts';
import { type FileState, requireOpen } from '../../core/session/state.ts';
import { isDotenvxKey, sealDotenvx } from '../../core/tokens/dotenvx.ts';
import { tokenFormats } from '../../core/tokens/formats.ts';
import { diskOf, readAnywhere } from '../elsewhere.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { ignoreInGit } from '../session/ignore.ts';
import { confirmPlace } from '../session/links.ts';
import { documentOf } from '../session/tabs.ts';
import { findFiles } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { dotenvxSecret } from '../vault/dotenvxkeys.ts';
import { problemWords, targetWords } from './words.ts';

const { t } = vscode.l10n;

/** Writes the secrets of a file as another system reads them: into a new file, after a modal question, or onto the clipboard. */
export async function exportSecrets(services: Services, ids: readonly unknown[]): Promise<void> {
  const choose = () => services.ui.openFile({ title: t('Choose the File to Export') });
  const uri = findFiles(ids)[0] ?? (ids[0] === undefined ? await choose() : undefined);
  if (!uri) return;
  requireShown(services);
  if (!(await askToUnlock(services, uri))) return;
  services.sessions.editors.get(uri.toString())?.requireSettled();
  const title = t('Export {0}', fileName(uri));
  const target = await chooseTarget(services, uri, title);
  if (!target) return;
  const options = await askOptions(services, target, title);
  const way = options && (await chooseWay(services, title));
  if (way === 'clipboard') await toClipboard(services, uri, target, options ?? {});
  else if (way === 'file') await toFile(services, uri, target, options ?? {});
}

function requireShown({ presentation }: Services): void {
  if (presentation.on) throw new Refusal('PRESENTING');
}

/** The entries as programs get them, of the file as it is now, where it is open or on the disk. Throws why it cannot be opened. */
async function entriesOf(services: Services, uri: vscode.Uri): Promise<Handed[]> {
  requireShown(services);
  const { sessions, platform } = services;
  const handed = (state: FileState) => handedOf(requireOpen(state), 'dotenv', {});
  const held = sessions.editors.get(uri.toString());
  if (held) return handed(await held.ready());
  const document = documentOf(uri);
  const text = document?.getText() ?? formatOfBytes(uri.path, await readAnywhere(platform, uri, maxFileSize)).text;
  const work = async (session: Session) => {
    await session.ready();
    return handed(session.state);
  };
  return sessions.with(uri, text, work, undefined, (all, publicKey) => dotenvxSecret(services, uri, all, publicKey));
}

/** What goes to a target: encryption keys stay behind, but for Anvil, which has a place for them. */
const leaving = (target: TargetName, entries: readonly Handed[]): readonly Handed[] =>
  target === 'anvil' ? entries : entries.filter((one) => !staysBehind(one));

/** Says so where one does. */
async function behindWords(services: Services, uri: vscode.Uri, target: TargetName): Promise<string | undefined> {
  const entries = await entriesOf(services, uri);
  if (leaving(target, entries).length === entries.length) return undefined;
  return t('Its encryption keys stay behind: only an export for Anvil has them.');
}

/** Undefined also where the target cannot hold every entry; what is wrong is told by name. */
async function chooseTarget(services: Services, uri: vscode.Uri, title: string): Promise<TargetName | undefined> {
  await entriesOf(services, uri);
  const items = targetNames.map((id) => {
    const [label, description] = targetWords[id];
    return { id, label, description };
  });
  const chosen = await services.ui.pick(items, { title, placeholder: t('What reads it?') });
  if (!chosen) return undefined;
  const problems = problemsOf(chosen.id, leaving(chosen.id, await entriesOf(services, uri)));
  if (problems.length === 0) return chosen.id;
  const [label] = targetWords[chosen.id];
  await services.ui.choose(
    problems.length === 1
      ? t('{0} cannot hold an entry of {1}. Nothing was written.', label, fileName(uri))
      : t('{0} cannot hold {1} entries of {2}. Nothing was written.', label, problems.length, fileName(uri)),
    `${problemWords(problems)}\n\n${t('Choose another format, or change these entries.')}`,
    [],
  );
  return undefined;
}

/** What else the target has to be told; undefined where the person would rather not. */
async function askOptions(
  { ui, clock }: Services,
  target: TargetName,
  title: string,
): Promise<WriteOptions | undefined> {
  if (target === 'kubernetes') {
    const wrong = t('Use small letters, digits, - and dots, with a letter or digit at both ends.');
    const validate = (text: string) => (isSecretName(text) ? undefined : wrong);
    const name = await ui.input({ title, prompt: t('The name of the Secret'), value: 'secrets', validate });
    return name === undefined || !isSecretName(name) ? undefined : { name };
  }
  if (target === 'flet' || target === 'fernet') {
    const prompt = target === 'flet' ? t('The pass phrase of the Flet app') : t('The Fernet key, 44 signs of base64');
    const answer = await ui.secret({ title, prompt });
    return answer && 'text' in answer && answer.text !== ''
      ? { seal: await sealBy(target, answer.text, clock) }
      : undefined;
  }
  if (target !== 'dotenvx') return {};
  const wrong = t('It has 66 signs: digits and the letters a to f.');
  const validate = (text: string) => (isDotenvxKey(text.trim()) ? undefined : wrong);
  const prompt = t('The public key to encrypt for, as DOTENV_PUBLIC_KEY in a .env of dotenvx has it');
  const publicKey = (await ui.input({ title, prompt, validate }))?.trim();
  if (publicKey === undefined || !isDotenvxKey(publicKey)) return undefined;
  return { publicKey, seal: (value) => sealDotenvx(utf8(value), publicKey) };
}

/** Throws BAD_TOKEN_KEY for what is no key. */
async function sealBy(
  target: 'flet' | 'fernet',
  secret: string,
  clock: Clock,
): Promise<(value: string) => Promise<string>> {
  const seal = async (value: string) =>
    (await tokenFormats[target].seal?.(utf8(value), secret, { now: clock.now(), user: 1 })) ?? '';
  await seal('');
  return seal;
}

async function chooseWay({ ui }: Services, title: string): Promise<'file' | 'clipboard' | undefined> {
  const items = [
    { id: 'file', icon: 'file', label: t('To a New File…'), description: t('that only you can read') },
    { id: 'clipboard', icon: 'clippy', label: t('To the Clipboard'), description: t('cleared after a while') },
  ] as const;
  return (await ui.pick(items, { title, placeholder: t('Where to?') }))?.id;
}

async function toClipboard(services: Services, uri: vscode.Uri, target: TargetName, options: WriteOptions) {
  const { ui, clipboard } = services;
  const sure = await ui.gesture(
    t('Copy all values of {0} to the clipboard?', fileName(uri)),
    [
      t('Every program can read the clipboard. If you did not ask for this, another extension did.'),
      await behindWords(services, uri, target),
    ]
      .filter(Boolean)
      .join('\n\n'),
    t('Copy'),
  );
  if (!sure) return;
  const text = await textOf(services, uri, target, options);
  record(services, uri, target, 'clipboard');
  await clipboard.copy(text, t('export of {0}', fileName(uri)));
}

async function toFile(services: Services, uri: vscode.Uri, target: TargetName, options: WriteOptions) {
  const { ui, platform } = services;
  if (!(await mayWrite(services))) return;
  const folder = vscode.Uri.joinPath(uri, '..');
  const to = await ui.saveFile({ title: t('Export To'), name: fileOf(target), folder });
  if (!to) return;
  const disk = diskOf(platform, to);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  // An old file would keep its rights, and whoever has it open.
  if (await disk.readIfThere(to.fsPath)) {
    void ui.warn(t('{0} is there already. Choose a new name: an export does not replace a file.', fileName(to)));
    return;
  }
  if (!(await confirmPlace(services, to, t('Export')))) return;
  const agreed = await agrees(services, uri, target, to);
  if (!agreed) return;
  const bytes = utf8(await textOf(services, uri, target, options));
  try {
    record(services, uri, target, to.fsPath);
    // The line comes first: there is no moment in which git sees the values.
    if (agreed.ignore) await ignoreInGit(services, to);
    await disk.write(to.fsPath, bytes, undefined, { newMode: 0o600, clear: true });
  } finally {
    bytes.fill(0);
  }
  void ui.info(
    leavesAs(target) === 'plain'
      ? t('{0} holds the values, and only you can read it. Delete it when it has served.', fileName(to))
      : t('{0} is written.', fileName(to)),
  );
}

/** Whether the person agrees, and whether a line goes into `.gitignore`: offered where it changes something. */
async function agrees(
  services: Services,
  uri: vscode.Uri,
  target: TargetName,
  to: vscode.Uri,
): Promise<{ readonly ignore: boolean } | undefined> {
  const {
    ui,
    platform: { git },
  } = services;
  const plain = leavesAs(target) === 'plain';
  const [ignored, tracked] = plain ? await Promise.all([git?.isIgnored(to.fsPath), git?.isTracked(to.fsPath)]) : [];
  const bare = ignored === false && !tracked;
  const write = t('Export');
  const both = t('Export and Add to .gitignore');
  const detail = [
    plain
      ? t('Every program and extension on this machine can then read them. Backups will hold them.')
      : leavesAs(target) === 'sealed'
        ? t('The values are encrypted there, for whoever has the private key.')
        : t('No value is written, only names.'),
    await behindWords(services, uri, target),
    bare && t('Git does not ignore this file: the next commit can contain it.'),
    t('If you did not ask for this, another extension did.'),
  ];
  const question = plain
    ? t('Write all values of {0} as plaintext to {1}?', fileName(uri), to.fsPath)
    : t('Export {0} to {1}?', fileName(uri), to.fsPath);
  const answer = await ui.choose(question, detail.filter(Boolean).join('\n\n'), bare ? [both, write] : [write]);
  return answer === undefined ? undefined : { ignore: answer === both };
}

/** The text of what the file holds now: it may be another one than when the person was asked. Throws BAD_VALUE, and why it is not open. */
async function textOf(services: Services, uri: vscode.Uri, target: TargetName, options: WriteOptions): Promise<string> {
  const entries = leaving(target, await entriesOf(services, uri));
  const [problem] = problemsOf(target, entries);
  if (problem) throw new LockstepError('CHANGED_ON_DISK');
  const work = () => exportText(target, entries, options);
  // The pass phrase of Flet is stretched anew for each value.
  if (target !== 'flet') return work();
  const progress = { location: vscode.ProgressLocation.Notification, title: t('Encrypting for Flet…') };
  return vscode.window.withProgress(progress, work);
}

function record({ access }: Services, uri: vscode.Uri, target: TargetName, to: string): void {
  if (leavesAs(target) !== 'names') access.record({ purpose: 'export', uri, by: 'Export', to: `${target}, ${to}` });
}
