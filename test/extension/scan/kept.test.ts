import assert from 'node:assert/strict';
import { Session } from 'node:inspector/promises';
import { OwnValues } from '../../../src/core/scan/values.ts';

const canary = 'k7Q+canaryV9/tXw2';

/** Node's types lack the private ones. */
interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
  readonly privateProperties?: readonly Property[];
}
interface Property {
  readonly name: string;
  readonly value?: {
    readonly type: string;
    readonly subtype?: string;
    readonly value?: unknown;
    readonly objectId?: string;
  };
}

/** Every text that an object holds, what is private too. */
async function insideOf(object: object): Promise<string> {
  const session = new Session();
  session.connect();
  const texts: string[] = [];
  const walk = async (objectId: string, depth: number): Promise<void> => {
    const all: Properties = await session.post('Runtime.getProperties', { objectId, ownProperties: true });
    for (const { name, value } of [
      ...all.result,
      ...(all.internalProperties ?? []),
      ...(all.privateProperties ?? []),
    ]) {
      if (!value || name === '[[Prototype]]' || value.type === 'function') continue;
      texts.push(String(value.value ?? ''));
      if (value.objectId && depth < 8 && value.subtype !== 'typedarray') await walk(value.objectId, depth + 1);
    }
  };
  Reflect.set(globalThis, 'lookedInto', object);
  const { result } = await session.post('Runtime.evaluate', { expression: 'lookedInto' });
  await walk(result.objectId ?? '', 0);
  Reflect.deleteProperty(globalThis, 'lookedInto');
  session.disconnect();
  return texts.join('\n');
}

describe('values of the own secrets', () => {
  it('are not in what is kept of them', async () => {
    const values = new OwnValues();
    values.addValue({ file: 'secrets.yaml', entry: 'db.password' }, canary, 'note');
    const kept = await insideOf(values);
    assert.ok(kept.includes('db.password'), 'what is private is looked at');
    for (const part of [canary.slice(0, 8), canary.slice(-8)]) assert.ok(!kept.includes(part));
  });
});
