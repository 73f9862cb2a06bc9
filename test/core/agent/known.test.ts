import assert from 'node:assert/strict';
import { idsIn } from '../../../src/core/agent/ids.ts';
import { type FilesPort, KnownKeys } from '../../../src/core/agent/known.ts';
import { utf8 } from '../../../src/core/bytes.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, clock } from '../support.ts';

/** A disk, and a list of its files that is a moment behind. */
class Lab {
  readonly disk = new Map<string, string>();
  listed: string[] = [];
  refreshed = 0;
  readonly port: FilesPort = {
    all: async () => this.listed,
    mark: async (file) => (this.disk.has(file) ? String(this.disk.get(file)?.length) : undefined),
    read: async (file) => ({ path: file, bytes: utf8(this.disk.get(file) ?? '') }),
  };
  readonly behind: FilesPort = {
    ...this.port,
    refresh: async () => {
      this.refreshed++;
      this.listed = [...this.disk.keys()];
    },
  };

  /** Writes an encrypted file; what its key is found by comes back. */
  async write(file: string): Promise<string> {
    const { text } = await seal('a: 1\n', 'yaml', { recipients: [alice.recipient] }, clock);
    this.disk.set(file, text);
    const [key] = readSealed(text, 'yaml').metadata.groups.flat();
    return (await idsIn(key?.enc ?? ''))[0] ?? assert.fail('no key');
  }
}

describe('the files that hold a wrapped key', () => {
  it('are found a moment after they were written, before the list of the workspace has them', async () => {
    const lab = new Lab();
    const known = new KnownKeys(lab.behind);
    const [a, b] = [await lab.write('a.yaml'), await lab.write('b.yaml')];
    const all = await Promise.all([known.find([a], []), known.find([b], []), known.find([a, b], [])]);
    assert.deepEqual(
      all.map((found) => [...found.values()].flat()),
      [['a.yaml'], ['b.yaml'], ['a.yaml', 'b.yaml']],
    );
    const before = lab.refreshed;
    await known.find([a, b], []);
    assert.equal(lab.refreshed, before);
    const none = await Promise.all(Array.from({ length: 50 }, () => known.find(['none'], [])));
    assert.ok(none.every((found) => found.size === 0));
    // Those who ask together share a few searches.
    assert.ok(lab.refreshed - before <= 3, String(lab.refreshed - before));
  });

  it('are looked for once where the list is never behind', async () => {
    const lab = new Lab();
    const a = await lab.write('a.yaml');
    const known = new KnownKeys(lab.port);
    assert.equal((await known.find([a], [])).size, 0);
    lab.listed = ['a.yaml'];
    assert.deepEqual([...(await known.find([a], [])).values()], [['a.yaml']]);
  });
});
