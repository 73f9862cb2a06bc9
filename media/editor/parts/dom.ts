type Handlers = { readonly [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void };
type Child = Node | string | undefined | false;

export interface Properties {
  readonly on?: Handlers;
  /** Any other name is an attribute; `true` is an empty one, `false` and `undefined` none. */
  readonly [attribute: string]: string | number | boolean | Handlers | undefined;
}

/** Makes an element. Text goes in as text: nothing is ever parsed as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { on, ...attributes }: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  for (const [event, handler] of Object.entries(on ?? {})) {
    element.addEventListener(event, handler as (event: Event) => void);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Sets attributes; `undefined` and `false` remove them, `true` sets an empty one. */
export function setAttributes(element: Element, attributes: Properties): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Text for screen readers only. */
export function spoken(text: string): HTMLElement {
  return h('span', { class: 'spoken' }, text);
}

/** Empties every field below `element` before it goes, so that no value stays in a detached tree. */
export function clearFields(element: Element): void {
  for (const field of element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')) {
    if (field.type !== 'radio' && field.type !== 'checkbox') field.value = '';
  }
  for (const shown of element.querySelectorAll('.shown-value')) shown.textContent = '';
}
