import assert from 'node:assert/strict';
import { hasAttributes, withAttributes } from '../../../src/core/rules/attributes.ts';
import { globOfFile, globsOf } from '../../../src/core/rules/globs.ts';

describe('patterns of git for the rules of .sops.yaml', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    '\\.enc\\.yaml$': ['*.enc.yaml'],
    '.*\\.enc\\.yaml$': ['*.enc.yaml'],
    '\\.enc\\.ya?ml$': ['*.enc.yaml', '*.enc.yml'],
    '(secrets|prod)\\.(yaml|json)$': ['*prod.json', '*prod.yaml', '*secrets.json', '*secrets.yaml'],
    '^secrets/.*': ['secrets/**'],
    '^secrets/.*\\.yaml$': ['secrets/**/*.yaml'],
    '^secrets/[^/]+\\.yaml$': ['secrets/*.yaml'],
    '^config/prod-.*\\.env$': ['config/prod-*.env', 'config/prod-*/**/*.env'],
    'prod/': ['**/*prod/**'],
    '^\\.env$': ['/.env'],
    '^\\.env(\\.production)?$': ['/.env', '/.env.production'],
    secret: ['**/*secret*/**', '*secret*'],
    '^a\\[1\\]/b\\*\\.yaml$': ['a\\[1\\]/b\\*.yaml'],
    '^secrets.yaml$': ['/secrets*yaml'],
  };
  for (const [regex, wanted] of Object.entries(cases))
    it(`of ${regex}`, () => assert.deepEqual(globsOf(regex), [...wanted].sort()));

  it('are none for a pattern that says nothing, too much, or what they cannot say', () => {
    for (const regex of [
      '',
      '.*',
      '^.+$',
      '(?i)secret',
      'a{2}',
      '\\bsecret',
      '(?P<n>a)',
      'a\\',
      '(',
      '[',
      'x*y(',
      '[[:alpha:]]x',
      'a$b',
    ])
      assert.equal(globsOf(regex), undefined, regex);
    assert.equal(globsOf('(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)\\.yaml'), undefined);
  });

  it('of one file have its signs as they are', () => {
    assert.equal(globOfFile('a b/[x]!.env'), '/a b/\\[x\\]\\!.env');
  });
});

describe('the lines of Lockstep in a .gitattributes file', () => {
  it('come and go, and leave all else as it was', () => {
    for (const before of ['', '* text=auto', '*.png binary\n', '\ufeff* text\r\n*.x y\r\n', '\n\n# mine\n']) {
      const after = withAttributes(before, ['*.enc.yaml', '/a b.env']);
      assert.ok(after.includes('*.enc.yaml merge=lockstep') && after.includes('"/a b.env" merge=lockstep'));
      assert.ok(hasAttributes(after) && !hasAttributes(before));
      assert.equal(withAttributes(after, ['*.enc.yaml', '/a b.env']), after, 'once');
      assert.equal(withAttributes(after, []), before);
      assert.equal(withAttributes(withAttributes(after, ['*.other']), []), before);
    }
  });

  it('are not taken for ours without their end', () => {
    const [head = ''] = withAttributes('', ['*.x']).split('\n');
    assert.equal(withAttributes(`${head}\n*.x y\n`, []), `${head}\n*.x y\n`);
  });
});
