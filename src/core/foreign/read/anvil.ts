import { keyGroup } from '../../enckeys/names.ts';
import type { SourceDocument } from '../../format/document.ts';
import { nodeValue } from '../../format/nodevalue.ts';
import { entriesOf } from '../../format/place.ts';
import { Lines } from '../../view/lines.ts';
import { type Entry, mapAt, valueAt } from '../found.ts';
import { entriesIn } from './tree.ts';

/**
 * The secrets of an `anvil.yaml`: names, and the apps that each has a value for. The values are encrypted under keys that Anvil's platform
 * alone has.
 */
export function readAnvil(doc: SourceDocument): Entry[] {
  const lines = new Lines(doc.text);
  const secrets = mapAt(doc.documents[0], 'secrets');
  return (secrets ? entriesOf(secrets) : []).map(({ key, keySpan, value }): Entry => {
    const whole = nodeValue(value);
    const byApp = valueAt(whole, 'value');
    const apps = byApp?.kind === 'map' ? byApp.members.map((one) => one.key) : [];
    return {
      path: [key],
      value: whole,
      kind: 'anvil-hosted',
      why: 'hosted',
      line: lines.lineAt(keySpan.start) + 1,
      apps,
    };
  });
}

/** The `secret` and `encryption-key` maps in the configuration of an Anvil App Server, the second as our encryption keys. Both are plain text. */
export function readAppServer(doc: SourceDocument): Entry[] {
  const lines = new Lines(doc.text);
  const [root] = doc.documents;
  return (['secret', 'encryption-key'] as const).flatMap((name) => {
    const map = mapAt(root, name);
    const kind = name === 'secret' ? 'plain' : 'anvil-key';
    const group = name === 'secret' ? name : keyGroup;
    return map ? entriesIn(map, [group], lines).map((entry): Entry => ({ ...entry, kind })) : [];
  });
}
