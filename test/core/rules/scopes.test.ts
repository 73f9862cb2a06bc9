import assert from 'node:assert/strict';
import { addRule } from '../../../src/core/rules/edit.ts';
import { matchRule, parseConfig } from '../../../src/core/rules/rules.ts';
import { scopesOf } from '../../../src/core/rules/scopes.ts';

describe('what a new rule may cover', () => {
  const named = (...paths: string[]) => scopesOf(paths).map(({ kind, name }) => `${kind} ${name}`);
  const covers = (paths: string[], kind: string, path: string) => {
    const { pathRegex = '' } = scopesOf(paths).find((one) => one.kind === kind) ?? {};
    return matchRule(parseConfig(addRule(undefined, { pathRegex, recipients: ['age1x'] })), path) !== undefined;
  };

  it('is the file, what has its ending or its name, and what is in its folder', () => {
    assert.deepEqual(named('tls/server.pem'), ['files tls/server.pem', 'ending .pem', 'folder tls/']);
    assert.deepEqual(named('id_rsa'), ['files id_rsa', 'name id_rsa']);
    assert.deepEqual(named('a/.npmrc'), ['files a/.npmrc', 'name .npmrc', 'folder a/']);
    assert.deepEqual(named('.env.prod'), ['files .env.prod', 'ending .env']);
    assert.deepEqual(named('a/x.pem', 'a/y.pem'), ['files a/x.pem, a/y.pem', 'ending .pem', 'folder a/']);
    assert.deepEqual(named('a/x.pem', 'y.ini'), ['files a/x.pem, y.ini']);
  });

  it('is covered, and nothing else is', () => {
    const odd = 'a+(1)/x [2].p12';
    for (const [paths, kind, yes, no] of [
      [[odd], 'files', [odd], ['b/a+(1)/x [2].p12', 'a+(1)/x [2].p12x', 'aa(1)/x [2].p12']],
      [[odd], 'ending', ['y.p12', 'deep/y.p12'], ['y.p12.txt', 'yp12']],
      [[odd], 'folder', ['a+(1)/y', 'a+(1)/deep/y'], ['b/a+(1)/y', 'aa(1)/y', 'a+(1)y']],
      [['k/id_rsa'], 'name', ['id_rsa', 'x/id_rsa'], ['id_rsa.pub', 'my_id_rsa']],
      [['.env'], 'ending', ['.env', 'x/.env.local', 'prod.env'], ['.environment', 'x.env.js', '.envrc']],
    ] as [string[], string, string[], string[]][]) {
      for (const path of yes) assert.ok(covers(paths, kind, path), `${kind} ${path}`);
      for (const path of no) assert.ok(!covers(paths, kind, path), `${kind} ${path}`);
    }
  });
});
