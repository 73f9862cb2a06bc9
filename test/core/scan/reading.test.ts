import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/core/format/document.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { proposedName, readingOf } from '../../../src/core/scan/reading.ts';

const secret = 'Zx81kQ4mPp27LqYy';

/** The text after its secret was moved, or why it cannot be. */
function moved(path: string, text: string, own = {}): string {
  const start = text.indexOf(secret);
  const reading = readingOf(path, text, { start, end: start + secret.length }, own);
  if (typeof reading === 'string') return reading;
  const next = applyEdits(text, reading.edits('NAME'));
  assert.ok(!next.includes(secret));
  return next;
}

describe('how a file reads a secret', () => {
  const dollar = '$';
  for (const [path, before, after] of [
    ['.github/workflows/ci.yml', `env:\n  KEY: ${secret} # why\n`, `env:\n  KEY: ${dollar}{{ secrets.NAME }} # why\n`],
    ['compose.yaml', `a:\n  environment:\n    KEY: "${secret}"\n`, `a:\n  environment:\n    KEY: ${dollar}{NAME}\n`],
    ['docker-compose.prod.yml', `a:\n  - KEY=${secret}\n`, `a:\n  - KEY=${dollar}{NAME}\n`],
    [
      'flows/a.yaml',
      `id: a\nnamespace: b\ntasks:\n  - id: c\n    key: ${secret}\n`,
      `id: a\nnamespace: b\ntasks:\n  - id: c\n    key: "{{ secret('NAME') }}"\n`,
    ],
    ['config/packages/mail.yaml', `a:\n    key: '${secret}'\n`, `a:\n    key: '%env(NAME)%'\n`],
    ['src/main/resources/application.yml', `a:\n  key: ${secret}\n`, `a:\n  key: ${dollar}{NAME}\n`],
    ['application.properties', `a.key=${secret}\r\nb=1\r\n`, `a.key=${dollar}{NAME}\r\nb=1\r\n`],
    ['a.kt', `const val KEY = "${secret}"\n`, 'val KEY = System.getenv("NAME")\n'],
    [
      'a.cs',
      `  public const string Key = "${secret}";\n`,
      '  public static readonly string Key = System.Environment.GetEnvironmentVariable("NAME");\n',
    ],
    ['a.exs', `key = "${secret}"\n`, 'key = System.fetch_env!("NAME")\n'],
    [
      'a.tsx',
      `const a = <Map b={() => 1}\n  key="${secret}" />;\n`,
      'const a = <Map b={() => 1}\n  key={process.env.NAME} />;\n',
    ],
    ['a.ts', `if (a <b) c="${secret}"\n`, 'if (a <b) c=process.env.NAME\n'],
    ['compose.yaml', `a:\n  - "KEY=${secret}"\n`, `a:\n  - "KEY=${dollar}{NAME}"\n`],
    ['compose.yaml', `a: {KEY: "${secret}", B: c}\n`, `a: {KEY: ${dollar}{NAME}, B: c}\n`],
    [
      'a/.github/workflows/a.yml',
      `  Authorization: Bearer ${secret}\n`,
      `  Authorization: ${dollar}{{ secrets.NAME }}\n`,
    ],
    ['a.py', `import os\nURL = "https://a:${secret}@b/"\n`, 'import os\nURL = os.environ["NAME"]\n'],
    ['a.go', `package a\n\nvar key = \`${secret}\`\n`, 'package a\n\nimport "os"\n\nvar key = os.Getenv("NAME")\n'],
  ] as const)
    it(`${path}`, () => assert.equal(moved(path, before), after));

  it('can be one of its own', () => {
    assert.equal(moved('a.swift', `let k = "${secret}"\n`), 'language');
    assert.equal(
      moved('a.swift', `let k = "${secret}"\n`, { '.swift': 'Env.get("{name}")' }),
      'let k = Env.get("NAME")\n',
    );
    assert.equal(moved('k8s/a.yaml', `k: ${secret}\n`, { '.yaml': '{name}' }), 'k: NAME\n');
    for (const bad of [{ '.swift': 'no name' }, { '.swift': 7 }])
      assert.equal(moved('a.swift', `"${secret}"`, bad), 'language');
  });

  it('is refused where the text is put together, or must be known when the program is built', () => {
    for (const text of [`k = f"{a}${secret}"`, `// ${secret}`, `k = ${secret}`])
      assert.equal(moved('a.py', text), 'literal', text);
    assert.equal(moved('a.ts', `k = \`${dollar}{a}${secret}\``), 'literal');
    assert.equal(moved('a.ts', `k = "\\x41${secret}"`), 'literal');
    assert.equal(moved('compose.yaml', `k: |\n  ${secret}\n`), 'literal');
    for (const command of [
      `curl -H "token ${secret}" x`,
      `deploy --token ${secret}`,
      `deploy --token="${secret}"`,
      `x '"${secret}"'`,
    ])
      assert.equal(moved('.github/workflows/a.yml', `steps:\n  - run: ${command}\n`), 'literal', command);
    for (const text of [`k = '{"a": "${secret}"}'`, `k = """\n"a": "${secret}"\n"""`, `# don't "${secret}"`])
      assert.equal(moved('a.py', text), 'literal', text);
    for (const text of [`k = \`curl -H "${secret}"\``, `k = \`\n  curl -H "${secret}"\n\``, `'it\\'s "${secret}"'`])
      assert.equal(moved('a.js', text), 'literal', text);
    assert.equal(moved('a.js', `k = { 'a': \`b\`, "c": '${secret}' }`), `k = { 'a': \`b\`, "c": process.env.NAME }`);
    assert.equal(moved('a.vue', `<Map key="${secret}"/>`), 'language');
    assert.equal(moved('A.java', `  @Value(name = "${secret}") String k;`), 'constant');
    assert.equal(moved('a.kt', `@Key("${secret}") val k = 1`), 'constant');
    assert.equal(moved('a.cs', `  [Key(Name = "${secret}")]\n`), 'constant');
    assert.equal(moved('a.cs', `    case "${secret}":\n`), 'constant');
    assert.equal(moved('a.rs', `#[key = "${secret}"]\n`), 'constant');
    assert.equal(moved('a.php', `#[Key('${secret}')]\n`), 'constant');
    assert.equal(
      moved('A.java', `  @Bean() String k() { return f("${secret}"); }`),
      '  @Bean() String k() { return f(System.getenv("NAME")); }',
    );
    assert.equal(moved('a.rs', `pub const K: &str = "${secret}";`), 'constant');
    assert.equal(moved('a.php', `class A { private $k = '${secret}'; }`), 'constant');
    assert.equal(moved('a.go', `package a\n\nconst (\n\tK = "${secret}"\n)\n`), 'constant');
  });

  it('takes the value as the program had it', () => {
    const read = (path: string, text: string) => {
      const start = text.indexOf(secret);
      const reading = readingOf(path, text, { start, end: start + secret.length });
      return typeof reading === 'string' ? reading : reading.value;
    };
    assert.equal(read('a.js', `"a\\n\\"${secret}\\\\"`), `a\n"${secret}\\`);
    assert.equal(read('a.go', `\`a\\n${secret}\``), `a\\n${secret}`);
    assert.equal(read('a.py', `"""\n-----BEGIN\n${secret}\n"""`), `\n-----BEGIN\n${secret}\n`);
    assert.equal(read('compose.yaml', `k: ${secret} x # why\n`), `${secret} x`);
  });

  it('leaves a file that parses', () => {
    const text = moved('flows/a.yaml', `id: a\nnamespace: b\ntasks:\n  - key: ${secret}\n`);
    assert.equal(getFormat('yaml').parse(text).documents.length, 1);
  });
});

describe('the name of a moved secret', () => {
  for (const [called, others, isEnvironment, name] of [
    ['githubToken', [], false, 'github_token'],
    ['githubToken', ['A_B', 'C'], false, 'GITHUB_TOKEN'],
    ['config.apiKey', ['db-password'], false, 'api-key'],
    ['apiKey', [], true, 'API_KEY'],
    ['apiKey', ['API_KEY'], true, 'API_KEY_2'],
    [undefined, [], true, 'GITHUB_PAT'],
  ] as const)
    it(`is ${name}`, () => assert.equal(proposedName(called, 'github-pat', others, isEnvironment), name));
});
