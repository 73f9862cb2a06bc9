interface Typed {
  readonly text: string;
  readonly pasted: boolean;
}
type Key = KeyboardEventInit & { readonly key: string };

/** Text that was typed or pasted, or a key that is no text. */
export type Step = Typed | Key;

/** Does what was typed where the focus is now, as if it were typed there; ends where that would go to another field. */
export function replay(steps: readonly Step[]): void {
  for (const step of steps) {
    const field = document.activeElement;
    if (!isField(field) || !('key' in step ? press(field, step) : put(field, step))) return;
  }
}

type Field = HTMLInputElement | HTMLTextAreaElement;

const isField = (element: Element | null): element is Field =>
  element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.matches('.field'));

/** Puts text in place of the selection, as typing or pasting does. */
function put(field: Field, { text, pasted }: Typed): boolean {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  const paste = () => new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  if (!pasted || field.dispatchEvent(paste())) replace(field, text, field.selectionStart ?? 0, field.selectionEnd ?? 0);
  return true;
}

function replace(field: Field, text: string, from: number, to: number): void {
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** How many UTF-16 units the character at an index of a text's characters has. */
const width = (text: string, at: number) => [...text].at(at)?.length ?? 0;

/** Does what a key does in a field. False when the typing after it is not for this field. */
function press(field: Field, init: Key): boolean {
  const from = field.selectionStart ?? 0;
  const to = field.selectionEnd ?? 0;
  const marked = to > from;
  const last = field.value.length;
  const caret = (at: number) => field.setSelectionRange(at, at);
  const acts: Readonly<Record<string, () => void>> = {
    Backspace: () => replace(field, '', marked ? from : from - width(field.value.slice(0, from), -1), to),
    Delete: () => replace(field, '', from, marked ? to : to + width(field.value.slice(to), 0)),
    ArrowLeft: () => caret(marked ? from : Math.max(0, from - 1)),
    ArrowRight: () => caret(marked ? to : Math.min(last, to + 1)),
    Home: () => caret(0),
    End: () => caret(last),
    a: () => field.select(),
  };
  if (init.key === 'Tab') return false;
  if (init.key !== 'Enter') acts[init.key.length === 1 ? init.key.toLowerCase() : init.key]?.();
  else if (!field.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true }))) {
    // A line break may have made several lines of one; else it has set the value.
    return !field.isConnected;
  } else if (field instanceof HTMLTextAreaElement) replace(field, '\n', from, to);
  return true;
}
