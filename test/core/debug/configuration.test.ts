import assert from 'node:assert/strict';
import { concerns, wantedBy, withMovedReferences, withoutReferences } from '../../../src/core/debug/configuration.ts';

const type = 'go';

describe('a debug configuration asks for secrets', () => {
  it('by references in env, and in environment', () => {
    const configuration = {
      type,
      env: { A: '1', DB: 'lockstep:production#db.url' },
      environment: [
        { name: 'B', value: '2' },
        { name: 'T', value: 'lockstep:#token' },
      ],
    };
    assert.ok(concerns(configuration));
    const references = { DB: 'lockstep:production#db.url', T: 'lockstep:#token' };
    assert.deepEqual(wantedBy(configuration), { environment: undefined, references });
    const rest = { type, env: { A: '1' }, environment: [{ name: 'B', value: '2' }] };
    assert.deepEqual(withoutReferences(configuration), rest);
    const moved = withMovedReferences(configuration);
    assert.deepEqual(moved, { ...rest, secrets: references });
    // The second phase sees what the first one left.
    assert.deepEqual(wantedBy(moved), { environment: undefined, references });
    assert.deepEqual(withMovedReferences(moved), moved);
  });

  it('by names, or by an environment', () => {
    assert.deepEqual(wantedBy({ type, secrets: { DB: 'production#db.url' }, env: { T: 'lockstep:#token' } }), {
      environment: undefined,
      references: { DB: 'lockstep:production#db.url', T: 'lockstep:#token' },
    });
    assert.deepEqual(wantedBy({ type, secrets: 'production' }), { environment: 'production', references: {} });
    const both = { type, secrets: 'staging', env: { T: 'lockstep:production#token' } };
    assert.deepEqual(withMovedReferences(both), both);
    assert.equal(wantedBy(both)?.environment, 'staging');
  });

  it('or asks for none', () => {
    for (const configuration of [
      { type },
      { type, env: { A: '1', B: null, C: 3 } },
      { type, env: 'lockstep:a#b' },
      { type, environment: ['lockstep:a#b', null] },
    ]) {
      assert.ok(!concerns(configuration));
      assert.deepEqual(withMovedReferences(configuration), configuration);
    }
  });

  it('in a way that makes no sense', () => {
    for (const secrets of [7, null, ['a'], { A: 1 }, true]) {
      assert.ok(concerns({ type, secrets }));
      assert.equal(wantedBy({ type, secrets }), undefined);
    }
  });
});
