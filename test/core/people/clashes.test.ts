import assert from 'node:assert/strict';
import { clashesIn, clashWith, findPerson } from '../../../src/core/people/clashes.ts';
import { alice, bob, carol } from '../support.ts';

const [a, b, c] = [alice.recipient, bob.recipient, carol.recipient];

describe('clashes of names', () => {
  const text = `- ${a} # Maria\n- ${b} # MARIA\n- ${c} # Tom\n# Thomas: ${c}\n- ${c} # tom\n`;

  it('are two people with one name, and one key under two names', () => {
    assert.deepEqual(clashesIn(text), [
      { kind: 'namesakes', name: 'Maria', recipients: [a, b] },
      { kind: 'names', recipient: c, names: ['Tom', 'Thomas'] },
    ]);
    assert.deepEqual(clashesIn(`- &x ${a} # Maria\n- ${a} # Maria\n- &x ${b}\n- ${b} # Bob`), []);
  });

  it('are seen before they are written', () => {
    const one = `- ${a} # Maria\n- &bob ${b}\n`;
    assert.deepEqual(clashWith(one, 'maria', c), { kind: 'namesakes', name: 'Maria', recipients: [a, c] });
    assert.deepEqual(clashWith(one, 'Mary', a), { kind: 'names', recipient: a, names: ['Maria', 'Mary'] });
    assert.equal(clashWith(one, 'Maria', a), undefined);
    assert.equal(clashWith(one, 'Bob', b), undefined, 'an anchor is no name that somebody gave');
  });

  it('are found in time, however many there are', () => {
    const key = (i: number) => `age1${String(i).padStart(58, 'q')}`;
    const many = Array.from({ length: 5_000 }, (_, i) => `- ${key(i)} # ${i}\n- ${key(i)} # again ${i % 3}\n`).join('');
    const start = performance.now();
    assert.equal(clashesIn(many).length, 5_003);
    assert.ok(performance.now() - start < 4000);
  });

  it('keep somebody from being found by name, not by key', () => {
    assert.throws(() => findPerson(text, 'maria'), { code: 'NO_SUCH_PERSON', place: { what: 'several' } });
    assert.throws(() => findPerson(text, 'Eve'), { code: 'NO_SUCH_PERSON' });
    assert.equal(findPerson(text, 'TOM'), c);
    assert.equal(findPerson(text, ' Thomas '), c);
    assert.equal(findPerson(text, b), b);
    assert.equal(findPerson(text, 'ssh-rsa AAAA x@y'), 'ssh-rsa AAAA');
  });
});
