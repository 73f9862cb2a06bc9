/** What the keys of the whole page do, in fields and out of them. */
export interface PageKeys {
  save(): void;
  find(): void;
  /** False when the key belongs to what has the focus. */
  undo(name: 'undo' | 'redo', inField: boolean): boolean;
}

/** Listens to the keys that VS Code has a meaning for, too. */
export function listenToPageKeys(keys: PageKeys): void {
  // First of all listeners: VS Code's own would undo, save or search without what is in a field.
  document.addEventListener('keydown', (event) => onKey(keys, event), true);
  // Last of all listeners: VS Code would select all once more, a moment later, and the next letter would replace the first.
  document.addEventListener('keydown', (event) => {
    const all = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a';
    if (all && inField(event.target)) event.stopPropagation();
  });
}

function onKey(keys: PageKeys, event: KeyboardEvent): void {
  const field = event.target instanceof Element && event.target.matches('input, textarea') ? event.target : undefined;
  // An Enter that is held down opened the field. Keys of what is being composed are for that alone.
  const held = event.key === 'Enter' && event.repeat && field?.matches('input, [aria-busy]');
  if (held) event.preventDefault();
  if (held || (field && event.isComposing)) return event.stopImmediatePropagation();
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const act = {
    s: () => keys.save(),
    f: () => keys.find(),
    z: () => keys.undo(event.shiftKey ? 'redo' : 'undo', inField(event.target)),
    y: () => keys.undo('redo', inField(event.target)),
  }[event.key.toLowerCase()];
  if (!act || act() === false) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

const inField = (target: EventTarget | null) =>
  target instanceof Element && target.matches('input, textarea, .cm-content');
