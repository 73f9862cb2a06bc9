import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { applyEdits } from '../../src/core/format/document.ts';
import { detect } from '../../src/core/scan/detect.ts';
import { readingOf } from '../../src/core/scan/reading.ts';
import { root } from '../core/shared.ts';
import { missing, skipFor } from '../skip.ts';

const token = ['gh', 'p_', 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb7d'].join('');

/** A program that prints a secret, and how it is run; `TOKEN` stands for the secret. */
const programs: Readonly<
  Record<string, { readonly file: string; readonly text: string; readonly run: readonly string[] }>
> = {
  JavaScript: { file: 'a.js', text: `const key = 'TOKEN';\nconsole.log(key);\n`, run: [process.execPath, 'a.js'] },
  TypeScript: {
    file: 'a.ts',
    text: `const key: string = \`TOKEN\`;\nconsole.log(key);\n`,
    run: [process.execPath, '--import', pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href, 'a.ts'],
  },
  Python: {
    file: 'a.py',
    text: `#!/usr/bin/env python3\n"""Prints."""\n\nfrom __future__ import annotations\n\nKEY = "TOKEN"\nprint(KEY)\n`,
    run: ['python3', 'a.py'],
  },
  Go: {
    file: 'a.go',
    text: `package main\n\nimport (\n\t"fmt"\n)\n\nconst key = "TOKEN"\n\nfunc main() {\n\tfmt.Println(key)\n}\n`,
    run: ['go', 'run', 'a.go'],
  },
  Ruby: { file: 'a.rb', text: `key = 'TOKEN'\nputs key\n`, run: ['ruby', 'a.rb'] },
  Java: {
    file: 'A.java',
    text: `class A {\n  private static final String KEY = "TOKEN";\n\n  public static void main(String[] args) {\n    System.out.println(KEY);\n  }\n}\n`,
    run: ['java', 'A.java'],
  },
  Rust: {
    file: 'a.rs',
    text: `fn show(text: &str) {\n    println!("{text}");\n}\n\nfn main() {\n    let key: &str = "TOKEN";\n    show(key);\n    show("TOKEN");\n    assert_eq!("TOKEN".to_string().len(), 40);\n}\n`,
    run: ['sh', '-c', 'rustc -o a.out a.rs && ./a.out'],
  },
  PHP: { file: 'a.php', text: `<?php\n$key = 'TOKEN';\necho $key, "\\n";\n`, run: ['php', 'a.php'] },
  Perl: { file: 'a.pl', text: `use strict;\nmy $key = "TOKEN";\nprint "$key\\n";\n`, run: ['perl', 'a.pl'] },
  shell: { file: 'a.sh', text: `set -eu\nexport key='TOKEN'\necho "$key"\n`, run: ['sh', 'a.sh'] },
};

describe('a program whose secrets were moved', function () {
  this.timeout(60_000);
  for (const [language, { file, text, run }] of Object.entries(programs))
    it(`reads them from its environment: ${language}`, function () {
      const [program = '', ...words] = run;
      const found = spawnSync(program === 'sh' ? (words[1]?.split(' ')[0] ?? 'sh') : program, ['--version']);
      skipFor(this, missing(`${language} on this machine`, found.error === undefined));
      const folder = mkdtempSync(join(tmpdir(), 'lockstep-reading-'));
      try {
        let source = text.replaceAll('TOKEN', token);
        for (let [one] = detect(source, file); one; [one] = detect(source, file)) {
          const reading = readingOf(file, source, one);
          assert.ok(typeof reading === 'object', String(reading));
          assert.equal(reading.value, token);
          source = applyEdits(source, reading.edits('API_TOKEN'));
        }
        assert.ok(!source.includes(token));
        writeFileSync(join(folder, file), source);
        const given = (env: NodeJS.ProcessEnv) =>
          execFileSync(program, words, { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' });
        assert.equal(given({ API_TOKEN: token }).split('\n')[0], token);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
});
