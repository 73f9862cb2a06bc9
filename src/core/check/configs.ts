import { LockstepError } from '../errors.ts';
import { keysIn, type Names } from '../people/names.ts';
import { parseConfig } from '../rules/rules.ts';
import { isConfigName } from '../view/names.ts';
import type { Reading } from './files.ts';
import { capped, type Finding } from './finding.ts';

/** Of each `.sops.yaml`: that it cannot be read, and the keys in it that nobody is named for. */
export async function configFindings(reading: Reading, names: Names): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const path of reading.paths.filter(isConfigName)) {
    const bytes = await reading.bytes(path);
    if (!bytes) continue;
    const text = await reading.text(path);
    found.push(...(text === undefined ? [badRule(path, new LockstepError('NOT_UTF8'))] : faultsOf(path, text)));
    found.push(...nobodysKeys(path, text ?? '', names));
  }
  return found;
}

const badRule = (path: string, { code, place }: LockstepError): Finding => ({
  ...{ code: 'bad-rule', path, cause: code },
  line: 'line' in place ? place.line : undefined,
});

function faultsOf(path: string, text: string): Finding[] {
  try {
    parseConfig(text);
    return [];
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return [badRule(path, error)];
  }
}

function nobodysKeys(path: string, text: string, names: Names): Finding[] {
  const found = new Map<string, Finding>();
  // A key of a cloud is no person's.
  for (const [i, line] of text.split('\n').entries())
    for (const key of keysIn(line.replace(/(?:^|\s)#.*$/, '')))
      if (!names.has(key) && !found.has(key) && !key.startsWith('arn:'))
        found.set(key, { code: 'nobodys-key', path, line: i + 1, name: key });
  return capped([...found.values()]);
}
