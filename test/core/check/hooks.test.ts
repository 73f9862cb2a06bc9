import assert from 'node:assert/strict';
import { hasHook, lefthookWith, preCommitWith, scriptWith, withoutHook } from '../../../src/core/check/hooks.ts';

describe('the lines of a hook', () => {
  const roundTrip = (before: string, make: (text: string) => string | undefined) => {
    const after = make(before);
    assert.ok(after !== undefined && hasHook(after), after);
    assert.equal(make(after), after, 'twice is once');
    assert.ok([before, `${before}\n`].includes(withoutHook(after)));
    return after;
  };

  it('a script of the shell checks first, and is as it was without them', () => {
    for (const before of [
      '#!/bin/sh\nnpm test\n',
      '#!/usr/bin/env bash\n\nset -e\nexit 0\n',
      '#!/bin/sh\r\nx\r\n',
      '#!/bin/sh\nx',
    ])
      roundTrip(before, (text) => scriptWith(text));
    assert.match(
      roundTrip('#!/bin/sh\nexit 0\n', (text) => scriptWith(text)),
      /^#!\/bin\/sh\n# Lockstep[\s\S]*exit 0\n$/,
    );
    const fresh = scriptWith(undefined);
    assert.match(fresh ?? '', /^#!\/bin\/sh\n# Lockstep/);
    assert.equal(withoutHook(fresh ?? ''), '', 'a file that it made goes again');
    assert.equal(scriptWith(fresh), fresh);
    for (const other of ['#!/usr/bin/env python3\nx\n', '#!/usr/bin/node\n', 'MZ\0binary', 'echo no shebang\n'])
      assert.equal(scriptWith(other), undefined);
  });

  it('a script of husky: of version 9 has no first line of its own, of version 8 it begins behind its start', () => {
    assert.match(
      roundTrip('npm test\n', (text) => scriptWith(text, true)),
      /^# Lockstep[\s\S]*npm test\n$/,
    );
    const eight = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n';
    assert.match(
      roundTrip(eight, (text) => scriptWith(text, true)),
      /husky\.sh"\n# Lockstep/,
    );
    assert.match(scriptWith(undefined, true) ?? '', /^# Lockstep/);
  });

  it('a list of lefthook gets a command, beside those that it has', () => {
    roundTrip('pre-push:\n  commands:\n    test: {run: npm test}\n', lefthookWith);
    const beside = roundTrip(
      '# mine\npre-commit:\n    parallel: true\n    commands:\n        lint:\n            run: npm run lint\n',
      lefthookWith,
    );
    assert.match(beside, /commands:\n {8}# Lockstep.*\n {8}lockstep:\n {10}run: lockstep check --staged\n/);
    assert.match(
      roundTrip('pre-commit:\n  jobs:\n    - run: npm test\n', lefthookWith),
      /pre-commit:\n {2}# Lockstep.*\n {2}commands:\n {4}lockstep:/,
    );
    for (const other of [
      'pre-commit: {commands: {}}\n',
      'pre-commit:\n',
      '- a\n',
      'a: [\n',
      'pre-commit:\n  commands: {a: {run: x}}\n',
      'a: 1\n---\nb: 2\n',
    ])
      assert.equal(lefthookWith(other), undefined, other);
  });

  it('a list of pre-commit gets a hook behind those that it has', () => {
    const config =
      'default_stages: [pre-commit]\nrepos:\n  - repo: https://example.com/x\n    rev: v1\n    hooks:\n      - id: y\n# end\n';
    assert.match(roundTrip(config, preCommitWith), /- id: y\n {2}# Lockstep.*\n {2}- repo: local\n {4}hooks:\n/);
    assert.match(
      roundTrip('repos:\n- repo: meta\n  hooks:\n  - id: z', preCommitWith),
      /- id: z\n# Lockstep.*\n- repo: local\n/,
    );
    for (const other of ['repos: []\n', 'repos:\n', 'a: 1\n', 'repos: [{repo: meta}]\n'])
      assert.equal(preCommitWith(other), undefined, other);
  });
});
