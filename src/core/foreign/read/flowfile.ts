import { LockstepError } from '../../errors.ts';
import { scalar, text } from '../../tree/value.ts';
import type { Entry } from '../found.ts';
import { readTable } from './sqlite.ts';

/**
 * The secrets in Flowfile's database; of several of one user and name, the one that Flowfile takes, with the lowest id. Where there are
 * secrets of several users, each user is a group. Throws FOREIGN_FILE: `damaged`, or `unknown` for another database.
 */
export function readFlowfile(database: Uint8Array, wal?: Uint8Array): Entry[] {
  const rows = readTable(database, 'secrets', wal);
  if (!rows?.every((row) => 'name' in row && 'encrypted_value' in row && 'user_id' in row))
    throw new LockstepError('FOREIGN_FILE', { what: 'unknown' });
  const first = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const name = JSON.stringify([String(row.user_id), String(row.name)]);
    if (!first.has(name)) first.set(name, row);
  }
  const secrets = [...first.values()];
  const several = new Set(secrets.map((row) => row.user_id)).size > 1;
  return secrets.map((row): Entry => {
    const user = String(row.user_id ?? '');
    return {
      path: several ? [`user-${user}`, String(row.name)] : [String(row.name)],
      value: scalar(text(String(row.encrypted_value ?? ''))),
      kind: 'flowfile',
      user,
    };
  });
}
