import * as vscode from 'vscode';
import type { Rule } from '../../core/rules/rules.ts';
import { plainLeaves } from '../../core/seal/seal.ts';
import { inClear, inClearOf, isDefault } from '../../core/sops/clear.ts';
import { type Selector, selectorText } from '../../core/sops/selection.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import { configName } from '../../core/view/names.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import type { Encrypted, Plain } from './sealing.ts';

const { t } = vscode.l10n;

/**
 * A rule that leaves values unencrypted gives a file that only looks encrypted. Asks about a rule that selects nothing, or
 * that leaves out what looks like a secret or is in a .env file, whatever else it selects.
 */
export async function confirmClear(
  { ui }: Services,
  plain: Pick<Plain, 'text' | 'format'> & { readonly before: Pick<Plain['before'], 'uri'> },
  rule: Rule,
): Promise<'yes' | 'asked' | 'no'> {
  const { before, text, format } = plain;
  // A binary file is encrypted whole, whatever a rule chooses.
  if (format === 'binary') return 'yes';
  const { entries, suspicious, named } = inClearOf(text, format, rule.selector);
  const none = entries.length > 0 && !plainLeaves(text, format, rule.selector).some((leaf) => leaf.encrypted);
  const many = format === 'dotenv' && !named ? entries.length : suspicious;
  if (!none && many === 0) return 'yes';
  const name = fileName(before.uri);
  const agreed = await ui.confirm(
    none ? t('No value of {0} would be encrypted.', name) : t('Values of {0} would stay plaintext.', name),
    none
      ? t('The rule in .sops.yaml selects none of them: all would stay plaintext. Correct the rule first.')
      : t(
          'With {0} in .sops.yaml, anybody who sees the file can read: {1}.',
          settingOf(rule.selector),
          listed(entries.slice(0, many).map(showPath)),
        ),
    t('Encrypt File'),
  );
  return agreed ? 'asked' : 'no';
}

const settingOf = (selector: Selector) => `${selector.kind} ${visible(selectorText(selector))}`;

/** After the encryption: names what a rule leaves unencrypted, except names with the usual suffix. */
export function tellLeft({ ui }: Services, files: readonly Encrypted[]): void {
  const lines = files.flatMap(({ uri, sealed }) => {
    const { selector } = sealed.metadata;
    const { entries } = inClear(sealed, selector);
    return entries.length === 0 || isDefault(selector) || sealed.format === 'binary'
      ? []
      : [t('{0}: {1}', fileName(uri), listed(entries.map(showPath)))];
  });
  if (lines.length === 0) return;
  const shown = lines.slice(0, 3).join('; ');
  const all = lines.length > 3 ? t('{0}; and {1} more files', shown, lines.length - 3) : shown;
  void ui.info(t('Not encrypted, because of the rule in .sops.yaml: {0}.', all));
}

/** A field that SOPS does not know does nothing, which is seldom what was meant. */
export async function tellNotes({ ui, rules }: Services, files: readonly Encrypted[]): Promise<void> {
  const told = new Set<string>();
  for (const { uri } of files) {
    const found = await rules.find(uri).catch(() => undefined);
    const [note] = found?.notes ?? [];
    if (!found || !note || told.has(found.config.toString())) continue;
    told.add(found.config.toString());
    const open = t('Open {0}', configName);
    const what = t(
      '{0}, line {1}: SOPS does not know the field {2} and ignores it.',
      fileName(found.config),
      note.line,
      visible(note.name),
    );
    const guess = note.meant === undefined ? '' : t(' Did you mean {0}?', note.meant);
    void ui.warn(what + guess, open).then((verb) => {
      if (verb === open) void vscode.commands.executeCommand('vscode.open', found.config);
    });
  }
}

/** Names in a sentence, and how many more there are than `most`. */
export function listed(names: readonly string[], most = 10): string {
  const list = names.slice(0, most).join(', ');
  return names.length > most ? vscode.l10n.t('{0} and {1} more', list, names.length - most) : list;
}
