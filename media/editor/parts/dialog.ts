import { words } from '../words.ts';
import { iconButton } from './button.ts';
import { clearFields, h } from './dom.ts';

interface Dialog {
  readonly element: HTMLDialogElement;
  close(): void;
}

/** A dialog over the page: the browser keeps the focus in it, Escape closes it. Its fields are emptied then. */
export function openDialog(title: string, content: readonly Node[], closed: () => void, mayClose = () => true): Dialog {
  const dismiss = () => {
    if (mayClose()) element.close();
  };
  const element = h(
    'dialog',
    { class: 'dialog', 'aria-label': title },
    h('div', { class: 'dialog-head' }, h('h2', {}, title), iconButton('close', words.close, dismiss)),
    ...content,
  );
  element.addEventListener('cancel', (event) => {
    event.preventDefault();
    dismiss();
  });
  element.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    dismiss();
  });
  element.addEventListener('close', () => {
    clearFields(element);
    element.remove();
    closed();
  });
  document.body.append(element);
  element.showModal();
  return { element, close: () => element.close() };
}
