import assert from 'node:assert/strict';
import { concerns, wantedBy, withMovedReferences, withoutSecrets } from '../../../src/core/debug/configuration.ts';

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
    assert.deepEqual(withoutSecrets(configuration), rest);
    const moved = withMovedReferences(configuration);
    assert.deepEqual(moved, { ...rest, __lockstepSecrets: references });
    // The second phase sees what the first one left.
    assert.deepEqual(wantedBy(moved), { environment: undefined, references });
    assert.deepEqual(withMovedReferences(moved), moved);
    assert.deepEqual(withoutSecrets(moved), rest);
  });

  it('by names, or by an environment', () => {
    assert.deepEqual(wantedBy({ type, secrets: { DB: 'production#db.url' }, env: { T: 'lockstep:#token' } }), {
      environment: undefined,
      references: { DB: 'lockstep:production#db.url', T: 'lockstep:#token' },
    });
    assert.deepEqual(wantedBy({ type, secrets: 'production' }), { environment: 'production', references: {} });
    const both = { type, secrets: 'staging', env: { T: 'lockstep:production#token' } };
    const expected = { environment: 'staging', references: { T: 'lockstep:production#token' } };
    assert.deepEqual(wantedBy(both), expected);
    assert.deepEqual(wantedBy(withMovedReferences(both)), expected);
    assert.deepEqual(withoutSecrets(withMovedReferences(both)), { type, env: {} });
  });

  it('or asks for none', () => {
    for (const configuration of [
      { type },
      { type, env: { A: '1', B: null, C: 3 } },
      { type, env: 'lockstep:a#b' },
      { type, environment: ['lockstep:a#b', null] },
      // What it means elsewhere is not known.
      { type: 'other', secrets: 'production' },
      { type: 'pwa-node', __pendingTargetId: '1', secrets: 'production' },
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
