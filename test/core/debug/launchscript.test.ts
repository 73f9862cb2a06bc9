import assert from 'node:assert/strict';
import { batchScript, shellScript } from '../../../src/core/debug/launchscript.ts';

const words = ["/home/o'neil/bin/lockstep", 'run', '--secret', 'DB=db.url', '--'];

describe('the script of a debug session', () => {
  it('starts the program that the debugger names', () => {
    const text = shellScript({ env: { LOCKSTEP_LAUNCH: 'a b' }, words, real: undefined });
    assert.equal(
      text.split('\n').at(-2),
      `LOCKSTEP_LAUNCH='a b' exec '/home/o'\\''neil/bin/lockstep' 'run' '--secret' 'DB=db.url' '--' "$@"`,
    );
    assert.ok(text.startsWith('#!/bin/sh\n'));
  });

  it('refuses a NUL', () => {
    assert.throws(() => shellScript({ env: {}, words: ['a\0b'], real: undefined }), TypeError);
  });

  it('of Windows is written only where every word can be', () => {
    assert.equal(
      batchScript({ env: { LOCKSTEP_LAUNCH: '7' }, words: ['C:\\a b\\lockstep.cmd', 'run', '--'], real: undefined }),
      '@echo off\r\nsetlocal\r\nset "LOCKSTEP_LAUNCH=7"\r\ncall "C:\\a b\\lockstep.cmd" "run" "--" %*\r\n',
    );
    for (const word of ['100%', 'a"b', 'a\nb'])
      assert.equal(batchScript({ env: {}, words: [word], real: undefined }), undefined);
  });
});
