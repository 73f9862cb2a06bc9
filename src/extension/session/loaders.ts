import * as vscode from 'vscode';
import { differingNames } from '../../core/env/differences.ts';
import { joinLines, severalLines } from '../../core/env/lines.ts';
import { readLiteral } from '../../core/env/read.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import { visible } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { differenceWords, fileName } from '../ui/words.ts';
import { listed } from './inclear.ts';
import type { Plain } from './sealing.ts';

const { t } = vscode.l10n;

/** A dotenv file whose values of several lines the person lets be written on one; undefined when they would rather not. */
export async function joined({ ui }: Services, plain: Plain): Promise<Plain | undefined> {
  const several = plain.format === 'dotenv' ? severalLines(plain.text) : [];
  if (several.length === 0) return plain;
  const text = joinLines(plain.text);
  const names = several.map(({ name, line, lastLine }) => t('{0} (lines {1}–{2})', visible(name), line, lastLine));
  const yes = await ui.confirm(
    t('{0} has values of several lines: {1}', fileName(plain.before.uri), listed(names, 5)),
    t(
      'In a SOPS .env file, each line is an entry. Lockstep can write each of these values on one line, with \\n for a line break. Programs that load the file read the same values.',
    ),
    t('Join Lines and Encrypt'),
  );
  return yes ? { ...plain, text, bytes: bytesOfText(text) } : undefined;
}

/** Names the values that programs that load a `.env` read differently from SOPS. */
export function tellDifferences({ ui }: Services, uri: vscode.Uri, text: string): void {
  const found = differingNames(readLiteral(text));
  if (found.size === 0) return;
  const parts = [...found].map(([one, names]) => t('{0} ({1})', listed(names.map(visible), 5), differenceWords(one)));
  const message = t(
    '{0}: SOPS keeps values exactly as written. Programs that load a .env file read these differently: {1}.',
    fileName(uri),
    parts.join('; '),
  );
  const remove = t('Remove Quotes');
  void ui.info(message, ...(found.has('quotes') ? [remove] : [])).then(async (verb) => {
    if (verb !== remove) return;
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand(commands.removeQuotes, uri.toString());
  });
}
