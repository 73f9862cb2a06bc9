import { bareRecipient } from '../age/sshkey.ts';
import type { Digests } from '../checklist/digests.ts';
import { type Held, parsed } from '../checklist/version.ts';
import type { Git } from '../platform/git.ts';
import { labelOf } from '../sops/label.ts';
import type { KeyName } from '../sops/masterkey.ts';
import type { Leaf, Sealed } from '../sops/sealed.ts';

/** A value of a file that somebody can read in git's history who cannot read the file. */
export interface Exposure {
  /** The newest commit that has it: its full hash. */
  readonly commit: string;
  /** Whom that commit has it encrypted for, who cannot read the file now; none where it is plaintext. */
  readonly former: readonly KeyName[];
  /** Every value that such commits have, as `digests` has them. */
  readonly values: Set<string>;
  /** Some of them no key here opens: whether the value is another one now is not known. */
  unseen: boolean;
}

interface Repository {
  readonly git: Pick<Git, 'fileLog' | 'blobReader'>;
  readonly root: string;
}

/**
 * The encrypted entries of a file that a commit has in plaintext, or for somebody who is no reader any more, by label: of every commit that a
 * ref leads to, under all names that the file had. Versions that cannot be read are passed over. Throws as `Git.fileLog`, and what
 * `digests` throws.
 */
export async function exposuresOf(
  { git, root }: Repository,
  path: string,
  now: Sealed,
  digests: Digests,
): Promise<ReadonlyMap<string, Exposure>> {
  const found = new Found(now, digests);
  const reader = git.blobReader(root);
  const seen = new Set<string>();
  try {
    for await (const { made, blob, path: then } of git.fileLog(root, path, true)) {
      if (!made || blob === undefined || seen.has(blob)) continue;
      seen.add(blob);
      const bytes = await reader.read(blob);
      if (bytes) await found.take(made.hash, { path: then, bytes });
    }
  } finally {
    reader.end();
  }
  return found.all;
}

const isReader = ({ metadata }: Sealed) => {
  const names = new Set([...metadata.recipients.map(bareRecipient), ...metadata.foreign.map(({ name }) => name)]);
  return (name: string) => names.has(name) || names.has(bareRecipient(name));
};

class Found {
  readonly all = new Map<string, Exposure>();
  readonly #wanted: ReadonlySet<string>;
  readonly #isReader: (name: string) => boolean;
  readonly #digests: Digests;
  /** What stood for a value in a version that was looked at. */
  readonly #seen = new Set<string>();

  constructor(now: Sealed, digests: Digests) {
    this.#wanted = new Set(now.leaves.filter(({ encrypted }) => encrypted).map(labelOf));
    this.#isReader = isReader(now);
    this.#digests = digests;
  }

  async take(commit: string, held: Held): Promise<void> {
    const version = parsed(held, true);
    if (!version) return;
    const { recipients, foreign, sealed } = version;
    const keys = [...(recipients ?? []).map((name) => ({ kind: 'age' as const, name })), ...foreign];
    const former = keys.filter(({ name }) => !this.#isReader(name));
    const isExposed = (leaf: Leaf) => (sealed && leaf.encrypted ? former.length > 0 : inClear(leaf));
    const exposed = version.leaves.filter((leaf) => this.#wanted.has(labelOf(leaf)) && isExposed(leaf));
    const fresh = new Set(exposed.filter((leaf) => this.#isFresh(leaf)).map(labelOf));
    const values =
      fresh.size > 0 ? await this.#digests.past({ ...held, sealed }, (label) => fresh.has(label)) : undefined;
    for (const leaf of exposed) {
      const label = labelOf(leaf);
      const hidden = sealed !== undefined && leaf.encrypted;
      const one = this.all.get(label) ?? { commit, former: hidden ? former : [], values: new Set(), unseen: false };
      this.all.set(label, one);
      if (!fresh.has(label)) continue;
      const digest = values?.get(label)?.digest;
      if (digest === undefined) one.unseen = true;
      else one.values.add(digest);
    }
  }

  #isFresh(leaf: Leaf): boolean {
    const { scalar } = leaf.node;
    const key = `${labelOf(leaf)}\n${scalar.type === 'null' ? '' : scalar.value}`;
    const isFresh = !this.#seen.has(key);
    this.#seen.add(key);
    return isFresh;
  }
}

/** Text that is there, and not a ciphertext: something that a reader of the history learns. */
function inClear({ node: { scalar } }: Leaf): boolean {
  if (scalar.type === 'null') return false;
  if (scalar.type !== 'str' || typeof scalar.value !== 'string') return true;
  return scalar.value !== '' && !/^ENC\[AES256_GCM,data:/.test(scalar.value);
}
