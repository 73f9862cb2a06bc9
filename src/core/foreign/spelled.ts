import { type Loader, readEnv } from '../env/read.ts';
import { LockstepError } from '../errors.ts';

const readers = ['dotenv', 'python', 'compose'] as const satisfies readonly Loader[];
/** Longer values are no text that a person wrote, and looking at them would take long. */
const longest = 64 * 1024;
const simple = /^[\w./:@+=-]*$/;

/**
 * A value as it has to stand in a `.env` so that the programs that load one read it as it is: in quotes where it needs some. The value itself
 * where no quotes do that for all of them.
 */
export function spelledFor(value: string): string {
  if (simple.test(value) || value.length > longest) return value;
  const forms = [value, `'${value}'`, `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`, `"${value}"`];
  const fits = (form: string, loaders: readonly Loader[]) => loaders.every((loader) => reads(form, loader) === value);
  return forms.find((form) => fits(form, readers)) ?? forms.find((form) => fits(form, ['dotenv'])) ?? value;
}

/** SOPS writes a line break as `\n`. */
function reads(form: string, loader: Loader): string | undefined {
  try {
    const found = readEnv(`A=${form.replaceAll('\n', '\\n')}\n`, loader);
    return found.size === 1 ? found.get('A') : undefined;
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}
