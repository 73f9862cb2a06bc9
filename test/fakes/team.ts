// A repository of a team: 200 secret files in three environments, 12 people, and names beside their keys. Our own code encrypts it.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bech32 } from '@scure/base';
import { PrivateKey } from '../../src/core/age/private/privatekey.ts';
import { useX25519Files, x25519Files } from '../../src/core/age/x25519.ts';
import { utf8 } from '../../src/core/bytes.ts';
import type { FormatId } from '../../src/core/format/document.ts';
import { sealBytes } from '../../src/core/seal/seal.ts';
import { nodeX25519Files } from '../../src/node/agefile.ts';
import { clock } from '../core/support.ts';

export interface Person {
  readonly name: string;
  /** `AGE-SECRET-KEY-1…`, the same in every run. */
  readonly identity: string;
  readonly recipient: string;
}

export interface TeamFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly format: FormatId;
  readonly environment: Environment;
  /** Encrypted. */
  readonly bytes: Uint8Array;
}

export interface Team {
  /** The first is who works here: a reader of everything. */
  readonly people: readonly Person[];
  readonly files: readonly TeamFile[];
  /** The text of `.sops.yaml`. */
  readonly rules: string;
}

const environments = ['production', 'staging', 'development'] as const;
export type Environment = (typeof environments)[number];

const names = [
  'Ada',
  'Maria',
  'Ben',
  'Chen',
  'Dana',
  'Emil',
  'Fatima',
  'Goran',
  'Hana',
  'Ivo',
  'Jonas',
  'Kim',
] as const;

/** How many of the people, from the first, read what is of an environment. */
const readers: Readonly<Record<Environment, number>> = { production: 5, staging: 9, development: 12 };

/** Invented people, of which the first twelve are the team; more of them can join. The same number is the same person. */
export async function personOf(number: number): Promise<Person> {
  const secret = createHash('sha256').update(`example person ${number}`).digest();
  const identity = bech32.encodeFromBytes('AGE-SECRET-KEY-', secret).toUpperCase();
  return { name: names[number] ?? `Person ${number}`, identity, recipient: await PrivateKey.of(identity).recipient() };
}

/** What a file of the team says in plaintext: the values hold `example`, and the path, so that each is known by its file. */
export function plainOf(path: string, format: FormatId): string {
  const value = (name: string) => `example-${name}-of-${path.replace(/\W/g, '-')}`;
  const [user, password, token] = ['user', 'password', 'token'].map(value);
  switch (format) {
    case 'yaml':
      return `# The database of this service\ndatabase:\n    user: ${user}\n    password: ${password}\n    port: 5432\ntokens:\n    - ${token}\n`;
    case 'json':
      return `${JSON.stringify({ database: { user, password, port: 5432 }, token }, null, '\t')}\n`;
    case 'ini':
      return `[database]\nuser = ${user}\npassword = ${password}\n\n[api]\ntoken = ${token}\n`;
    case 'dotenv':
      return `DB_USER=${user}\nDB_PASSWORD=${password}\nTOKEN=${token}\n`;
    case 'binary':
      return `${password}\n${token}\n`;
  }
}

/** By the number of the file; the ends of their names. */
const kinds: readonly (readonly [FormatId, string])[] = [
  ...[['yaml', 'secrets.yaml'] as const, ['yaml', 'database.enc.yaml'] as const, ['dotenv', 'service.env'] as const],
  ...[['json', 'secrets.json'] as const, ['yaml', 'api.yaml'] as const, ['ini', 'legacy.ini'] as const],
  ...[['yaml', 'cache.yml'] as const, ['json', 'tokens.json'] as const, ['yaml', 'queue.yaml'] as const],
  ...[['binary', 'key.bin'] as const],
];

function pathOf(number: number): { path: string; format: FormatId; environment: Environment } {
  const [format, end] = kinds[number % kinds.length] as (typeof kinds)[number];
  const environment = environments[number % environments.length] as Environment;
  const service = `service-${String(Math.floor(number / 10)).padStart(2, '0')}`;
  return { path: `${environment}/${service}/${end}`, format, environment };
}

/** The rules of the team, with names in the three forms: at the end of a line, in the line above, and in a list of their own. */
function rulesFor(people: readonly Person[], readersOf: (environment: Environment) => number): string {
  const lines = environments.flatMap((environment) => [
    `  - path_regex: ^${environment}/`,
    '    age:',
    ...people
      .slice(0, readersOf(environment))
      .flatMap(({ name, recipient }, i) =>
        i % 3 === 2 ? [`      # ${name}`, `      - ${recipient}`] : [`      - ${recipient} # ${name}`],
      ),
  ]);
  return `# Who can read what. Ask Ada before you change it.\ncreation_rules:\n${lines.join('\n')}\n`;
}

const made = new Map<string, Promise<Team>>();

/**
 * The team, made once in a process: about a second for 200 files. @param options.everyone every person reads every file.
 * @param options.files how many there are.
 */
export function teamOf(options: { readonly files?: number; readonly everyone?: boolean } = {}): Promise<Team> {
  const { files = 200, everyone = false } = options;
  const key = `${files} ${everyone}`;
  const known = made.get(key) ?? makeTeam(files, everyone);
  made.set(key, known);
  return known;
}

async function makeTeam(count: number, everyone: boolean): Promise<Team> {
  const people = await Promise.all(names.map((_, number) => personOf(number)));
  const readersOf = (environment: Environment) => (everyone ? people.length : readers[environment]);
  // Thousands of keys are wrapped here, which the library would take long for.
  const slower = x25519Files();
  useX25519Files(nodeX25519Files);
  try {
    const files: TeamFile[] = [];
    for (let number = 0; number < count; number++) {
      const { path, format, environment } = pathOf(number);
      const recipients = people.slice(0, readersOf(environment)).map(({ recipient }) => recipient);
      const { bytes } = await sealBytes(utf8(plainOf(path, format)), format, { recipients }, clock);
      files.push({ path, format, environment, bytes });
    }
    return { people, files, rules: rulesFor(people, readersOf) };
  } finally {
    useX25519Files(slower as typeof nodeX25519Files);
  }
}

/** Writes the repository of a team into a folder: its files and `.sops.yaml`. */
export function writeTeam(folder: string, { files, rules }: Team): void {
  for (const { path, bytes } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  writeFileSync(join(folder, '.sops.yaml'), rules);
}
