import { dotenvxQuoted, isLeftPlain, isOwnName } from '../../dotenvx/file.ts';
import { isDotenvx } from '../../tokens/dotenvx.ts';
import { isVariable, type Outgoing, type Target, type WriteOptions } from './target.ts';

/** Throws TypeError where the caller has no key for it, which it has to see to before. */
async function sealed(entries: readonly Outgoing[], { seal }: WriteOptions): Promise<Outgoing[]> {
  if (!seal) throw new TypeError('no key');
  const all: Outgoing[] = [];
  for (const one of entries) all.push({ ...one, value: await seal(one.value) });
  return all;
}

/** A line for each entry, its value a token that no program reads differently. */
export const tokens: Target = {
  file: 'tokens.env',
  refuses: ({ variable }) => (isVariable(variable) ? undefined : 'name'),
  text: async (entries, options) => linesOf(await sealed(entries, options)),
};

const publicKeyName = 'DOTENV_PUBLIC_KEY';

/**
 * A `.env` of dotenvx. It runs `$(…)` and expands `$X` in what it decrypts, but for values in single quotes, so these are.
 */
export const dotenvx: Target = {
  file: '.env',
  refuses({ variable, value }) {
    if (!isVariable(variable)) return 'name';
    // What begins so it takes for a value that did not open.
    if (isDotenvx(value)) return 'sign';
    return isLeftPlain(variable) || isOwnName(variable) ? 'reserved' : undefined;
  },
  text: async (entries, options) => {
    const all = await sealed(entries, options);
    const quoted = all.map((one, i) => ({ ...one, value: dotenvxQuoted(one.value, entries[i]?.value ?? '') }));
    return `${publicKeyName}="${options.publicKey ?? ''}"\n\n${linesOf(quoted)}`;
  },
};

const linesOf = (all: readonly Outgoing[]) => all.map(({ variable, value }) => `${variable}=${value}\n`).join('');
