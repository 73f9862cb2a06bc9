import assert from 'node:assert/strict';
import { isReference, parseReference, printReference } from '../../../src/core/env/references.ts';
import { findSecret, lastOnes, withVariables } from '../../../src/core/env/secretnames.ts';

describe('references to secrets', () => {
  it('are read and printed the same', () => {
    const all = {
      'lockstep:production#db.url': { environment: 'production', name: 'db.url' },
      'lockstep:#DB_URL': { environment: undefined, name: 'DB_URL' },
      'lockstep:prod-eu.2#db.hosts[1]': { environment: 'prod-eu.2', name: 'db.hosts[1]' },
      'lockstep:a#x#y': { environment: 'a', name: 'x#y' },
      'lockstep:ä#data["tls.key"]': { environment: 'ä', name: 'data["tls.key"]' },
    };
    for (const [text, reference] of Object.entries(all)) {
      assert.deepEqual(parseReference(text), reference);
      assert.equal(printReference(reference), text);
    }
  });

  it('are told from other texts, and bad ones are refused without a word of them', () => {
    assert.ok(!isReference('postgres://lockstep:production#x'));
    const bad: Record<string, string> = {
      '': 'BAD_REFERENCE',
      'lockstep:production': 'BAD_REFERENCE',
      'lockstep:': 'BAD_REFERENCE',
      'lockstep:production#': 'BAD_REFERENCE (name)',
      'lockstep:production#a\0b': 'BAD_REFERENCE (name)',
      'lockstep:production#a\nb': 'BAD_REFERENCE (name)',
      [`lockstep:production#${'x'.repeat(5000)}`]: 'BAD_REFERENCE (name)',
      'lockstep:a b#c': 'BAD_REFERENCE (environment)',
      'lockstep:-x#c': 'BAD_REFERENCE (environment)',
      'lockstep:../x#c': 'BAD_REFERENCE (environment)',
      'lockstep:${config:x}#c': 'BAD_REFERENCE (environment)',
    };
    for (const [text, message] of Object.entries(bad)) assert.throws(() => parseReference(text), { message }, text);
    assert.throws(() => printReference({ environment: 'a#b', name: 'c' }), { message: /^BAD_REFERENCE/ });
    assert.throws(() => printReference({ environment: undefined, name: '' }), { message: /^BAD_REFERENCE/ });
  });
});

describe('names of secrets', () => {
  const one = (path: (string | number)[], variable: string, file = 'a') => ({ path, variable, file });
  const all = [
    one(['db', 'password'], 'DB_PASSWORD'),
    one(['db', 'hosts', 1], 'DB_HOSTS_1'),
    one(['DB_PASSWORD'], 'X'),
  ];

  it('are key paths, in every spelling, and else variables', () => {
    assert.equal(findSecret(all, 'db.password').variable, 'DB_PASSWORD');
    assert.equal(findSecret(all, 'db.hosts[1]'), findSecret(all, 'db.hosts.1'));
    assert.equal(findSecret(all, '["db"]["hosts"][1]'), findSecret(all, 'db.hosts.1'));
    assert.equal(findSecret(all, 'DB_PASSWORD').variable, 'X');
    assert.equal(findSecret(all, 'X').variable, 'X');
    assert.throws(() => findSecret(all, 'db'), { message: 'NO_SUCH_SECRET' });
    assert.throws(() => findSecret([...all, one(['db', 'password'], 'B')], 'db.password'), {
      message: 'NO_SUCH_SECRET (several)',
    });
  });

  it('get the variables that are written down for them, and it is said which no secret has', () => {
    const variables = (map: Record<string, string>) => {
      const { named, unused } = withVariables(all, new Map(Object.entries(map)));
      return [...named.map(({ variable }) => variable), ...unused];
    };
    assert.deepEqual(variables({}), ['DB_PASSWORD', 'DB_HOSTS_1', 'X']);
    assert.deepEqual(variables({ 'db.password': 'PGPASSWORD', 'db.hosts.1': 'H' }), ['PGPASSWORD', 'H', 'X']);
    assert.deepEqual(variables({ '["db"]["password"]': 'P' }), ['P', 'DB_HOSTS_1', 'X']);
    assert.deepEqual(variables({ 'db.pasword': 'P' }), ['DB_PASSWORD', 'DB_HOSTS_1', 'X', 'db.pasword']);
  });

  it('of a later file replace those of an earlier one', () => {
    const more = [...all, one(['a'], 'X', 'b'), one(['db_password'], 'DB_PASSWORD', 'b')];
    assert.deepEqual(
      lastOnes(more, ({ file }) => file).map(({ file, variable }) => file + variable),
      ['aDB_HOSTS_1', 'bX', 'bDB_PASSWORD'],
    );
  });
});
