import { h, type Properties, setAttributes } from './dom.ts';
import { type IconName, icon } from './icons.ts';

type Act = (event: MouseEvent) => void;

/** A button that is an icon; its words are its tooltip and its label. */
export function iconButton(name: IconName, label: string, act: Act, more: Properties = {}): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: 'icon-button', title: label, 'aria-label': label, on: { click: act }, ...more },
    icon(name),
  );
}

/** A button with words; `primary` for the one that Enter means. */
export function wordButton(
  words: string,
  act: Act,
  { primary = false, symbol }: { primary?: boolean; symbol?: IconName } = {},
): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: primary ? 'button primary' : 'button', on: { click: act } },
    symbol && icon(symbol),
    h('span', {}, words),
  );
}

/** Changes the icon and words of an icon button. */
export function relabel(button: HTMLButtonElement, name: IconName, label: string): void {
  button.replaceChildren(icon(name));
  button.title = label;
  button.setAttribute('aria-label', label);
}

/** Takes a button out of use, with the reason as its words; without one it is what `label` says again. It keeps the focus. */
export function withhold(button: HTMLButtonElement, reason: string | undefined, label: string): void {
  button.title = reason ?? label;
  button.setAttribute('aria-label', reason === undefined ? label : `${label}. ${reason}`);
  setAttributes(button, { 'aria-disabled': reason !== undefined && 'true' });
}
