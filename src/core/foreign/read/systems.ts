/** What a file can be read as. */
export const systems = [
  'dotenv',
  'json',
  'yaml',
  'ini',
  'properties',
  'compose',
  'kestra',
  'anvil',
  'app-server',
  'flowfile',
  'ansible',
  'rails',
] as const;
export type System = (typeof systems)[number];
