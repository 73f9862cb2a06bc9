import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import type { FormatId } from '../../core/format/document.ts';
import { type GenerateOptions, generate as makeValue } from '../../core/generate/generate.ts';
import type { LeafType } from '../../core/sops/sealed.ts';
import { scalarIn } from '../../core/tree/typed.ts';
import { type Scalar, text as textScalar } from '../../core/tree/value.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import type { InputButton, Judgement } from '../ui/secretbox.ts';
import { wordsOfAny } from '../ui/words.ts';

const { t } = vscode.l10n;

/** A value that a person gave, and whether nobody has seen it yet. */
export interface Given {
  readonly value: Scalar;
  readonly generated: boolean;
}

/** The kind of value that is asked for. */
interface Wanted {
  readonly type: LeafType;
  readonly format: FormatId;
}

/** A text that came from somewhere else than the box. */
interface Source {
  readonly text: string;
  readonly generated: boolean;
}

const seen = (text: string): Source => ({ text, generated: false });

/** Where a value comes from, by the button of the box. */
const sources = { generate: pickGenerated, clipboard: fromClipboard, file: fromFile };

/** The largest file that becomes a value. */
const maxValue = 1024 * 1024;

const buttons = ({ type }: Wanted): InputButton[] => [
  { id: 'generate', icon: 'sparkle', tooltip: t('Generate') },
  { id: 'clipboard', icon: 'clippy', tooltip: t('From Clipboard') },
  { id: 'file', icon: 'file', tooltip: t('From File…') },
  ...(type === 'str' ? [] : [{ id: 'text', icon: 'symbol-string', tooltip: t('Store as Text') }]),
];

/**
 * Asks for a value: typed without being shown, generated, from the clipboard or from a file. It keeps the type, unless the
 * person says that it is text. Undefined on cancel.
 */
export async function askValue(
  services: Services,
  title: string,
  type: LeafType,
  format: FormatId,
): Promise<Given | undefined> {
  const { ui, presentation } = services;
  let wanted: Wanted = { type: keptType(type, format), format };
  let typed = '';
  for (;;) {
    const clipboard = await ui.readClipboard().catch(() => '');
    const lines = hasLines(clipboard);
    const answer = await ui.secret({
      title,
      prompt: lines
        ? t('The clipboard holds several lines, and this box would join them: use the button From Clipboard.')
        : t('The value is not shown.'),
      value: typed,
      buttons: buttons(wanted),
      check: (text) => judge(text, wanted, lines ? clipboard : undefined),
      eye: { allowed: () => !presentation.on, hide: presentation.onDidChange },
    });
    if (!answer) return undefined;
    if ('button' in answer && answer.button === 'text') {
      wanted = { type: 'str', format };
      typed = answer.typed ?? '';
      continue;
    }
    const source =
      'text' in answer ? seen(answer.text) : await sources[answer.button as keyof typeof sources](services);
    // Back from a button without a value: the box comes again.
    const value = source && (await scalarOfText(services, source.text, wanted));
    if (value) return { value, generated: source.generated };
  }
}

/** Types that a format has no place for, and nothing at all, become text. */
function keptType(type: LeafType, format: FormatId): LeafType {
  const textOnly = (format !== 'yaml' && format !== 'json') || (format === 'json' && type === 'time');
  return textOnly || type === 'null' ? 'str' : type;
}

/** The value of a text. One that does not fit the type is stored as text if the person says so. */
async function scalarOfText(services: Services, text: string, { type, format }: Wanted): Promise<Scalar | undefined> {
  if (text === '') return (await confirmEmpty(services)) ? textScalar('') : undefined;
  const why = misfit(text, { type, format });
  if (why === undefined) return scalarIn(text, type, format);
  const sure = await services.ui.confirm(t('Store this value as text?'), why, t('Store as Text'));
  return sure ? textScalar(text) : undefined;
}

/** Why a text is no value of a type, in words. */
function misfit(text: string, { type, format }: Wanted): string | undefined {
  try {
    scalarIn(text, type, format);
    return undefined;
  } catch (error) {
    return wordsOfAny(error).message;
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

function judge(text: string, wanted: Wanted, severalLines: string | undefined): Judgement | undefined {
  if (severalLines !== undefined && isJoined(text, severalLines)) {
    return { message: t('The box has joined the lines of this value. Use the button From Clipboard.'), block: true };
  }
  const why = text === '' ? undefined : misfit(text, wanted);
  if (why !== undefined) {
    return { message: t('{0} Store as Text, above, changes the type.', why), block: true };
  }
  return text !== text.trim() ? { message: t('The value starts or ends with a space.'), block: false } : undefined;
}

async function fromClipboard({ ui }: Services): Promise<Source | undefined> {
  const text = trimmed(await ui.readClipboard());
  if (text !== '') return seen(text);
  void ui.info(t('The clipboard is empty.'));
  return undefined;
}

/** The file's text as it is, its last line end too: a key file needs it. */
async function fromFile({ ui, platform }: Services): Promise<Source | undefined> {
  const uri = await ui.openFile({ title: t('Take the Value From') });
  return uri && seen(fromUtf8(await readAnywhere(platform, uri, maxValue)));
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

/** A new value for an entry, of the kind that the person picks. */
export async function generateFor(
  services: Services,
  name: string,
  type: LeafType,
  format: FormatId,
): Promise<Given | undefined> {
  const source = await pickGenerated(services, t('Generate a Value for {0}', name));
  const value = source && (await scalarOfText(services, source.text, { type: keptType(type, format), format }));
  return value && { value, generated: true };
}

async function pickGenerated({ ui }: Services, title = t('Generate Value')): Promise<Source | undefined> {
  const item = (id: keyof typeof generators, label: string, description: string) => ({ id, label, description });
  const items = [
    item('base64_128', t('128 bits, base64'), t('24 characters: tokens, most secrets')),
    item('base64_256', t('256 bits, base64'), t('44 characters: signing and encryption keys')),
    item('password', t('Password, 24 characters'), t('letters and digits that are easy to tell apart')),
    item('words', t('Eight words'), t('88 bits, easy to read out: pass phrases')),
    item('hex', t('32 bytes, hexadecimal'), t('64 characters')),
    item('uuid', t('UUID'), t('an identifier; as a secret 122 bits')),
  ];
  const chosen = await ui.pick(items, { title, placeholder: t('The new value is not shown') });
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
