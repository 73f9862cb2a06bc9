import type { ValueType } from '../../../src/protocol/messages.ts';
import { h } from '../parts/dom.ts';
import { words } from '../words.ts';

const forms: Readonly<Record<Exclude<ValueType, 'str'>, RegExp>> = {
  int: /^[-+]?\d+$/,
  float: /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$|^[-+]?\.?inf$|^\.?nan$/i,
  bool: /^(true|false)$/i,
  time: /^\d{4}-\d\d?-\d\d?([Tt ].+)?$/,
  null: /^(|null|~)$/,
};

/** Why a text cannot be of a type, as a sentence; undefined when it can be. The host has the last word. */
export function typeProblem(text: string, type: ValueType): string | undefined {
  return type === 'str' || forms[type].test(text.trim()) ? undefined : words.needs[type];
}

/** A choice of type. */
export function typeSelect(label: string, types: readonly ValueType[], type: ValueType): HTMLSelectElement {
  const all = types.includes(type) ? types : [type, ...types];
  const select = h(
    'select',
    { class: 'select', 'aria-label': label, autocomplete: 'off', disabled: all.length < 2 },
    ...all.map((name) => h('option', { value: name }, words.types[name])),
  );
  select.value = type;
  return select;
}
