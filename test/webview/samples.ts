import type { Node } from './stub.ts';

/** Made-up values; each is unlike anything else on the page. */
export const canary = {
  database: 'canary-example-7f3a91',
  stripe: 'canary-example-b2c4d6',
  key: '-----BEGIN EXAMPLE KEY-----\ncanary-example-e8f0a2\nline two\nline three\n-----END EXAMPLE KEY-----',
  comment: 'canary-example-comment-55aa',
} as const;

/** A nested file with a bit of everything. */
export const nested = (): Node[] => [
  { name: '', comment: 'Values of the production system' },
  {
    name: 'database',
    children: [
      { name: 'host', value: 'db.example.com', plain: true, changed: '3 months ago' },
      { name: 'port', value: '5432', type: 'int', plain: true, changed: '3 months ago' },
      { name: 'password', value: canary.database, comment: 'rotate each quarter', changed: '12 days ago' },
      {
        name: 'replicas',
        list: true,
        children: [
          { name: '', value: 'one' },
          { name: '', value: 'two' },
        ],
      },
    ],
  },
  { name: 'stripe_key', value: canary.stripe, changed: 'unsaved' },
  { name: 'tls_key', value: canary.key, changed: '3 months ago' },
  { name: 'session_secret', value: 'x9', comment: canary.comment, secretComment: true, changed: '5 days ago' },
  {
    name: 'feature_flags',
    children: [
      { name: 'beta', value: 'true', type: 'bool' },
      { name: 'ratio', value: '0.5', type: 'float' },
    ],
  },
  { name: 'оdd_nаme', value: 'q', odd: true },
  { name: ' padded\u202ename ', value: 'w', odd: true },
  { name: 'broken_value', value: 'z', damaged: true },
  { name: 'copy_of_password', value: 'y', fixed: 'An alias of database.password. Change that one.' },
  { name: 'certificate', value: 'AAEC', binary: true },
  { name: 'empty_one', value: '', plain: true },
  { name: `a_name_that_goes_on_${'and_on_'.repeat(20)}`, value: 'v' },
];

/** A flat file of `count` entries, in groups of twenty when `grouped`. */
export function many(count: number, grouped = false): Node[] {
  const entry = (index: number): Node => ({
    name: `SECRET_${String(index).padStart(5, '0')}`,
    value: `value-${index}`,
    changed: '2 days ago',
  });
  if (!grouped) return Array.from({ length: count }, (_, index) => entry(index));
  return Array.from({ length: Math.ceil(count / 20) }, (_, group) => ({
    name: `group_${group}`,
    children: Array.from({ length: 20 }, (__, index) => entry(group * 20 + index)),
  }));
}
