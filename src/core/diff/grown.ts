import type { Node, ScalarNode, Span } from '../format/document.ts';
import { entriesOf, itemsOf } from '../format/place.ts';
import { commentText } from '../open/comments.ts';
import { foldedName } from '../sops/metadata.ts';
import type { Sealed } from '../sops/sealed.ts';

/** A value by what it is called: those of one list of the metadata have one name. */
interface Named {
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

/**
 * The values of an edited encrypted text that somebody typed into or behind, ciphertexts and what is among the metadata alike. A reader may
 * pass over what was added, and no MAC covers the metadata.
 */
export function grownIn(edited: Sealed, before: Sealed): Span[] {
  const [now, then] = [namedIn(edited), namedIn(before)];
  const [kept, known] = [keysOf(now), keysOf(then)];
  const gone = new Map<string, string[]>();
  for (const { name, text } of then.filter((one) => !kept.has(keyOf(one)))) {
    const texts = gone.get(name) ?? [];
    if (texts.length < most) gone.set(name, [...texts, text]);
  }
  const fresh = now.filter((one) => !known.has(keyOf(one)));
  return fresh
    .filter((one) => isWrong(one) || gone.get(one.name)?.some((was) => isGrown(was, one.text)))
    .map(({ span }) => span);
}

/** Of one name, such as that of all comments. Nobody types into so many: the text is another version of the file. */
const most = 50;

const keyOf = ({ name, text }: Named) => `${name}\n${text}`;
const keysOf = (all: readonly Named[]) => new Set(all.map(keyOf));

function namedIn({ doc, leaves, comments }: Sealed): Named[] {
  const found = leaves.flatMap(({ id, encrypted, node }) => (encrypted ? [named(id, node)] : []));
  for (const { node, selected } of comments)
    if (selected) found.push({ name: '#', text: commentText(node).trim(), span: node.span });
  const visit = (node: Node, name: string): void => {
    if (node.kind === 'scalar') found.push(named(name, node));
    else if (node.kind === 'list') for (const item of itemsOf(node)) visit(item, name);
    else if (node.kind === 'map')
      for (const { key, value } of entriesOf(node)) visit(value, `${name}.${foldedName(key)}`);
  };
  for (const block of doc.metadata) if (block) visit(block.root, 'sops');
  return found;
}

const named = (name: string, { scalar, span }: ScalarNode): Named => ({
  name,
  text: scalar.type === 'null' ? '' : String(scalar.value),
  span,
});

/** What age's own values look like: of one that was overwritten nothing may be left. */
const forms: readonly (readonly [RegExp, RegExp])[] = [
  [/\.age\.recipient$/, /^\s*(?:age1[0-9a-z]+\s*$|ssh-[0-9a-z]+ +[0-9A-Za-z+/=]+(?: |\s*$))/],
  [
    /\.age\.enc$/,
    /^\s*-----BEGIN AGE ENCRYPTED FILE-----\s+(?:[0-9A-Za-z+/]{64}\s+)*(?:[0-9A-Za-z+/]{1,64}={0,2}\s+)?-----END AGE ENCRYPTED FILE-----\s*$/,
  ],
];

const isWrong = ({ name, text }: Named) => forms.some(([which, form]) => which.test(name) && !form.test(text));

/** Whether a text is another one with something put into it. Versions and counts grow, and so do alternatives of a pattern. */
function isGrown(was: string, now: string): boolean {
  if (was === '' || now.length <= was.length || /^[\d.]*$/.test(now)) return false;
  let at = 0;
  for (let i = 0; i < now.length; i++) if (now[i] === was[at]) at++;
  return at === was.length && now.split('|').length === was.split('|').length;
}
