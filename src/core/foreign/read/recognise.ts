import { LockstepError } from '../../errors.ts';
import type { Node, SourceDocument } from '../../format/document.ts';
import { entriesOf } from '../../format/place.ts';
import { isSealed } from '../../sops/sealed.ts';
import { isAnsible } from '../../tokens/ansible.ts';
import { isRails } from '../../tokens/rails.ts';
import { asMap, mapAt, withMerged } from '../found.ts';
import { isSqlite } from './sqlitepages.ts';
import type { System } from './systems.ts';

/**
 * Throws FOREIGN_FILE for what only the program can decrypt that encrypted it: `git-crypt`, `blackbox`; ALREADY_ENCRYPTED for a file of SOPS.
 */
export function refuseOthers(name: string, bytes: Uint8Array): void {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  if (start.startsWith('\0GITCRYPT\0')) throw new LockstepError('FOREIGN_FILE', { what: 'git-crypt' });
  if (/\.gpg$/i.test(name) || start.startsWith('-----BEGIN PGP MESSAGE'))
    throw new LockstepError('FOREIGN_FILE', { what: 'blackbox' });
}

/** What a file is by its name and its first bytes; undefined for what only its text can tell. */
export function systemOfBytes(bytes: Uint8Array): 'flowfile' | undefined {
  return isSqlite(bytes) ? 'flowfile' : undefined;
}

/**
 * What a text is, by its marks and its name; a YAML file may be of one of the systems that `systemOfTree` tells apart. Throws FOREIGN_FILE,
 * `unknown`; ALREADY_ENCRYPTED.
 */
export function systemOfText(name: string, text: string): Exclude<System, 'flowfile' | 'kestra'> {
  if (isAnsible(text)) return 'ansible';
  if (isRails(text.trim())) return 'rails';
  for (const format of ['yaml', 'json', 'dotenv', 'ini', 'binary'] as const)
    if (text.includes('ENC[AES256_GCM,') && isSealed(text, format)) throw new LockstepError('ALREADY_ENCRYPTED');
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase();
  const ending = /\.(ya?ml|json|ini|cfg|conf|properties)$/.exec(base)?.[1];
  if (ending === 'properties' || ending === 'json') return ending;
  if (ending?.startsWith('y')) return 'yaml';
  if (ending) return 'ini';
  if (/(?:^|[._-])env(?:[._-]|$)/.test(base)) return 'dotenv';
  if (/^\s*\{/.test(text)) return 'json';
  if (/^(?:\s*(?:#.*)?(?:\r?\n|$))*\s*(?:export\s+)?[\w.-]+=/.test(text)) return 'dotenv';
  throw new LockstepError('FOREIGN_FILE', { what: 'unknown' });
}

/** What a YAML file is of; `yaml` by itself. */
export function systemOfTree({ documents: [root] }: SourceDocument): 'yaml' | 'compose' | 'anvil' | 'app-server' {
  const secrets = mapAt(root, 'secrets');
  if (secrets && entriesOf(secrets).some(({ value }) => mapAt(asMap(value), 'value'))) return 'anvil';
  if (mapAt(root, 'encryption-key')) return 'app-server';
  if (mapAt(root, 'secret') && root && entriesOf(root).some(({ key }) => key === 'app')) return 'app-server';
  const services = mapAt(root, 'services');
  const hasVariables = (node: Node) => {
    const service = asMap(node);
    return service !== undefined && withMerged(service).some(({ key }) => key === 'environment');
  };
  return services && entriesOf(services).some(({ value }) => hasVariables(value)) ? 'compose' : 'yaml';
}
