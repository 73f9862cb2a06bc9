import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { type GenerateOptions, generate as makeValue } from '../../core/generate/generate.ts';
import type { LeafType } from '../../core/sops/sealed.ts';
import { fitting } from '../../core/tree/typed.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import type { InputButton } from '../ui/ui.ts';

const { t } = vscode.l10n;

/** A value that a person gave, and whether nobody has seen it yet. */
export interface Given {
  readonly text: string;
  readonly generated: boolean;
}

const typed = (text: string): Given => ({ text, generated: false });

/** Where a value comes from, by the button of the box. */
const sources = { generate, clipboard: fromClipboard, file: fromFile };

/** The largest file that becomes a value. */
const maxValue = 1024 * 1024;

const buttons = (): InputButton[] => [
  { id: 'generate', icon: 'sparkle', tooltip: t('Generate') },
  { id: 'clipboard', icon: 'clippy', tooltip: t('From Clipboard') },
  { id: 'file', icon: 'file', tooltip: t('From File…') },
];

/** Asks for a value: typed without being shown, generated, from the clipboard or from a file. Undefined on cancel. */
export async function askValue(services: Services, title: string, type: LeafType): Promise<Given | undefined> {
  const { ui } = services;
  for (;;) {
    const clipboard = await ui.readClipboard().catch(() => '');
    const lines = hasLines(clipboard);
    const answer = await ui.secret({
      title,
      prompt: lines
        ? t('The clipboard holds several lines, and this box would join them: use the button From Clipboard.')
        : t('The value is not shown.'),
      buttons: buttons(),
      check: (text) => judge(text, type, lines ? clipboard : undefined),
    });
    if (!answer) return undefined;
    const given =
      'text' in answer ? typed(answer.text) : await sources[answer.button as keyof typeof sources](services);
    // Back from a button without a value: the box comes again.
    if (!given) continue;
    if (given.text !== '' || (await confirmEmpty(services))) return given;
  }
}

/** A line end at the very end of a single line came along with the copying; several lines stay as they are. */
export function trimmed(text: string): string {
  const one = text.replace(/\r?\n$/, '');
  return /[\r\n]/.test(one) ? text : one;
}

const hasLines = (text: string) => /[\r\n]/.test(text.replace(/\r?\n$/, ''));

/** An input box joins lines without a word. What it makes of the clipboard's text is known, so it can be told. */
function isJoined(text: string, clipboard: string): boolean {
  const bare = (one: string) => one.replace(/\s+/g, '');
  return text !== '' && bare(text) === bare(clipboard);
}

function judge(
  text: string,
  type: LeafType,
  severalLines: string | undefined,
): { message: string; block: boolean } | undefined {
  if (severalLines !== undefined && isJoined(text, severalLines)) {
    return { message: t('The box has joined the lines of this value. Use the button From Clipboard.'), block: true };
  }
  if (text !== '' && !fitting(text, type)) {
    return { message: t('The entry is of type {0}; this will be stored as text.', typeName(type)), block: false };
  }
  return text !== text.trim() ? { message: t('The value starts or ends with a space.'), block: false } : undefined;
}

function typeName(type: LeafType): string {
  return {
    int: t('number'),
    float: t('number'),
    bool: t('true or false'),
    time: t('time'),
    str: t('text'),
    null: t('null'),
  }[type];
}

async function fromClipboard({ ui }: Services): Promise<Given | undefined> {
  const text = trimmed(await ui.readClipboard());
  if (text !== '') return typed(text);
  void ui.info(t('The clipboard is empty.'));
  return undefined;
}

/** The file's text as it is, its last line end too: a key file needs it. */
async function fromFile({ ui, platform }: Services): Promise<Given | undefined> {
  const uri = await ui.openFile({ title: t('Take the Value From') });
  return uri && typed(fromUtf8(await readAnywhere(platform, uri, maxValue)));
}

/** What can be generated without further questions. */
export const generators = {
  base64_128: { kind: 'key', bits: 128 },
  base64_256: { kind: 'key', bits: 256 },
  password: { kind: 'characters', length: 24, alphabets: ['upper', 'lower', 'digits'] },
  words: { kind: 'words', count: 8, separator: '-' },
  hex: { kind: 'key', bits: 256, encoding: 'hex' },
  uuid: { kind: 'uuid' },
} as const satisfies Record<string, GenerateOptions>;

/** A new value of the kind that the person picks. */
export async function generate({ ui }: Services): Promise<Given | undefined> {
  const item = (id: keyof typeof generators, label: string, description: string) => ({ id, label, description });
  const items = [
    item('base64_128', t('128 bits, base64'), t('24 characters: tokens, most secrets')),
    item('base64_256', t('256 bits, base64'), t('44 characters: signing and encryption keys')),
    item('password', t('Password, 24 characters'), t('letters and digits that are easy to tell apart')),
    item('words', t('Eight words'), t('88 bits, easy to read out: pass phrases')),
    item('hex', t('32 bytes, hexadecimal'), t('64 characters')),
    item('uuid', t('UUID'), t('an identifier; as a secret 122 bits')),
  ];
  const chosen = await ui.pick(items, { title: t('Generate Value'), placeholder: t('The new value is not shown') });
  return chosen && { text: makeValue(generators[chosen.id]).text, generated: true };
}

/** SOPS stores an empty text as it is: there is nothing to encrypt, and everybody sees that. */
async function confirmEmpty({ ui }: Services): Promise<boolean> {
  return ui.confirm(
    t('Set an empty value?'),
    t('An empty value is not encrypted: everybody who sees the file sees that it is empty.'),
    t('Set Empty Value'),
  );
}
