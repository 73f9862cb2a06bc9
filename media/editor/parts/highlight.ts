import { h } from './dom.ts';
import { visibleName } from './visible.ts';

/** A name as nodes, with every place where `query` occurs marked. */
export function highlighted(name: string, query: string): Node[] {
  if (query === '') return visibleName(name);
  const lower = name.toLowerCase();
  // Lower case may have another length (İ): then the places would be wrong.
  if (lower.length !== name.length) return visibleName(name);
  const wanted = query.toLowerCase();
  const out: Node[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) out.push(...visibleName(name.slice(from, at)));
    from = at + wanted.length;
    out.push(h('mark', {}, ...visibleName(name.slice(at, from))));
  }
  return from < name.length ? [...out, ...visibleName(name.slice(from))] : out;
}
