/** A small file, as a scanner meets it. Everything in it is made up by a seeded generator; tokens are put together from parts. */
export interface Sample {
  /** From the root of the corpus. */
  readonly path: string;
  readonly text: string;
  /** What is in it: a secret, or something that looks like one. */
  readonly kind: string;
  /** The secret; undefined for a look-alike. */
  readonly secret: string | undefined;
}

/** Numbers by chance, the same ones for the same seed (mulberry32). */
export function chance(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const text = (length: number, letters: string) =>
    Array.from({ length }, () => letters[below(letters.length)]).join('');
  return { below, pick, text };
}
type Chance = ReturnType<typeof chance>;

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const hexes = `${digits}abcdef`;
const alnum = `${lower}${lower.toUpperCase()}${digits}`;
const base64 = `${alnum}+/`;
const url64 = `${alnum}-_`;
const b32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const shoutable = `${lower.toUpperCase()}${digits}`;
const join = (...parts: readonly string[]) => parts.join('');

/** Tokens with a mark of their service, by the documentation of each. */
const tokens: Record<string, (c: Chance) => string> = {
  'aws access key': (c) => join('AK', 'IA', c.text(16, b32)),
  'github token': (c) => join('gh', c.pick(['p', 'o', 's', 'u', 'r']), '_', c.text(36, alnum)),
  'github fine-grained token': (c) => join('github', '_pat_', c.text(22, alnum), '_', c.text(59, alnum)),
  'gitlab token': (c) => join('gl', 'pat-', c.text(20, alnum)),
  'slack bot token': (c) => join('xo', 'xb-', c.text(12, digits), '-', c.text(13, digits), '-', c.text(24, alnum)),
  'slack webhook': (c) =>
    join(
      'https://hooks.',
      'slack.com/services/',
      'T',
      c.text(10, shoutable),
      '/B',
      c.text(10, shoutable),
      '/',
      c.text(24, alnum),
    ),
  'stripe key': (c) => join(c.pick(['sk', 'rk']), '_', c.pick(['live', 'test']), '_', c.text(c.pick([24, 99]), alnum)),
  'openai key': (c) => join('sk-', c.text(20, alnum), 'T3Blbk', 'FJ', c.text(20, alnum)),
  'anthropic key': (c) => join('sk-', 'ant-', 'api03-', c.text(93, url64), 'AA'),
  'sendgrid key': (c) => join('SG', '.', c.text(22, url64), '.', c.text(43, url64)),
  'npm token': (c) => join('np', 'm_', c.text(36, alnum)),
  'pypi token': (c) => join('pypi-', 'AgEIcHlwaS5vcmc', c.text(80, url64)),
  'google api key': (c) => join('AI', 'za', c.text(35, url64)),
  'digitalocean token': (c) => join('do', c.pick(['p', 'o', 'r']), '_v1_', c.text(64, hexes)),
  'shopify token': (c) => join('shp', c.pick(['at', 'ca', 'pa', 'ss']), '_', c.text(32, hexes)),
  'hugging face token': (c) => join('h', 'f_', c.text(34, lower)),
  'databricks token': (c) => join('da', 'pi', c.text(32, hexes)),
  'grafana token': (c) => join('gl', 'sa_', c.text(32, alnum), '_', c.text(8, hexes)),
  'linear key': (c) => join('lin', '_api_', c.text(40, alnum)),
  'telegram bot token': (c) => join(c.text(10, digits), ':', 'AA', c.text(33, url64)),
  'twilio key': (c) => join('S', 'K', c.text(32, hexes)),
  'mailgun key': (c) => join('key', '-', c.text(32, hexes)),
  'square token': (c) => join('EA', 'AA', c.text(60, alnum)),
  'docker token': (c) => join('dckr', '_pat_', c.text(27, url64)),
  'age key': (c) => join('AGE-', 'SECRET-KEY-1', c.text(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')),
  'vault token': (c) => join('hv', 's.', c.text(95, url64)),
  'postman key': (c) => join('PM', 'AK-', c.text(24, hexes), '-', c.text(34, hexes)),
  'pulumi token': (c) => join('pu', 'l-', c.text(40, hexes)),
  'new relic key': (c) => join('NR', 'AK-', c.text(27, shoutable)),
  'rubygems key': (c) => join('rubygems', '_', c.text(48, hexes)),
  'discord webhook': (c) => join('https://discord.com', '/api/webhooks/', c.text(18, digits), '/', c.text(68, url64)),
  'azure storage key': (c) => join(c.text(86, base64), '=='),
  jwt: (c) => join('ey', 'J', c.text(33, alnum), '.ey', 'J', c.text(60, url64), '.', c.text(43, url64)),
};

const names = {
  key: [
    'apiKey',
    'api_key',
    'API_KEY',
    'serviceToken',
    'ACCESS_TOKEN',
    'clientSecret',
    'client_secret',
    'authToken',
    'SECRET_KEY',
    'signingSecret',
  ],
  password: [
    'password',
    'dbPassword',
    'DB_PASSWORD',
    'db_password',
    'smtp_pass',
    'adminPassword',
    'PASSWORD',
    'user_password',
  ],
};

/** How each language writes a text down; the name is spelled as people do there. */
const languages: readonly (readonly [ext: string, write: (name: string, value: string) => string])[] = [
  [
    'ts',
    (name, value) =>
      `import { connect } from './client.ts';\n\nexport const ${name} = '${value}';\nconnect(${name});\n`,
  ],
  ['js', (name, value) => `module.exports = {\n  region: 'eu-central-1',\n  ${name}: "${value}",\n  retries: 3,\n};\n`],
  ['py', (name, value) => `import os\n\nREGION = "eu"\n${name} = "${value}"\n\n\ndef main():\n    run(${name})\n`],
  [
    'go',
    (name, value) =>
      `package main\n\nconst region = "eu"\n\nfunc main() {\n\t${name} := "${value}"\n\trun(${name})\n}\n`,
  ],
  ['rb', (name, value) => `require 'client'\n\nClient.configure do |c|\n  c.${name} = '${value}'\nend\n`],
  ['java', (name, value) => `package app;\n\nclass Config {\n  private static final String ${name} = "${value}";\n}\n`],
  ['rs', (name, value) => `fn main() {\n    let ${name} = "${value}";\n    run(${name});\n}\n`],
  ['php', (name, value) => `<?php\n\nreturn [\n    'region' => 'eu',\n    '${name}' => '${value}',\n];\n`],
  ['cs', (name, value) => `class Config\n{\n    public const string ${name} = "${value}";\n}\n`],
  ['kt', (name, value) => `object Config {\n    const val ${name} = "${value}"\n}\n`],
  ['yaml', (name, value) => `service:\n  region: eu\n  ${name}: ${value}\n  retries: 3\n`],
  ['json', (name, value) => `{\n  "region": "eu",\n  "${name}": "${value}",\n  "retries": 3\n}\n`],
  ['env', (name, value) => `REGION=eu\n${name}=${value}\nRETRIES=3\n`],
  ['properties', (name, value) => `app.region=eu\napp.${name}=${value}\n`],
  ['tf', (name, value) => `variable "region" {}\n\nlocals {\n  ${name} = "${value}"\n}\n`],
  ['sh', (name, value) => `#!/bin/sh\nset -eu\nexport ${name}="${value}"\nexec ./run\n`],
  ['xml', (name, value) => `<config>\n  <add key="${name}" value="${value}" />\n</config>\n`],
];

const people = [
  'blue',
  'tiger',
  'summer',
  'winter',
  'dragon',
  'kitchen',
  'coffee',
  'berlin',
  'monday',
  'orange',
  'garden',
  'rocket',
];
const madeUp = (c: Chance) => {
  const word = c.pick(people);
  const big = (word[0] as string).toUpperCase() + word.slice(1);
  return c.pick([
    `${big}${c.text(4, digits)}!`,
    `${word}#${c.text(2, digits)}${c.pick(people)}`,
    `${big}-${c.pick(people)}-${c.text(3, digits)}$`,
    `${c.pick(people)}${c.text(6, digits)}`,
    `P@${word}${c.text(3, digits)}`,
  ]);
};

function pem(c: Chance): string {
  const label = c.pick(['RSA ', 'EC ', 'OPENSSH ', '']);
  const lines = Array.from({ length: 3 + c.below(20) }, () => c.text(64, base64));
  return [
    join('-----BEGIN ', label, 'PRIVATE', ' KEY-----'),
    ...lines,
    `${c.text(42, base64)}==`,
    join('-----END ', label, 'PRIVATE', ' KEY-----'),
  ].join('\n');
}

function trueSamples(c: Chance): Omit<Sample, 'path'>[] {
  const all: (Omit<Sample, 'path'> & { ext: string })[] = [];
  const write = (kind: string, name: string, secret: string, [ext, how] = c.pick(languages)) =>
    all.push({ kind, secret, text: how(name, secret), ext });
  for (const [kind, make] of Object.entries(tokens)) {
    const named = kind.replaceAll(/[ -]/g, '_');
    for (let i = 0; i < 5; i++) write(kind, c.pick([named, named.toUpperCase(), ...names.key]), make(c));
    const secret = make(c);
    all.push({ kind, secret, ext: 'md', text: `# Notes\n\nCall it with \`${secret}\` for now.\n` });
  }
  for (let i = 0; i < 60; i++)
    write('key without a mark', c.pick(names.key), c.text(c.pick([20, 32, 40, 64]), c.pick([alnum, hexes, url64])));
  for (let i = 0; i < 60; i++) write('password of a person', c.pick(names.password), madeUp(c));
  for (let i = 0; i < 40; i++) {
    const secret = c.pick([madeUp(c).replaceAll(/[#@/$!]/g, ''), c.text(20, alnum)]);
    const url = `${c.pick(['postgres', 'mysql', 'mongodb+srv', 'redis', 'amqp', 'https'])}://${c.pick(['app', 'admin', 'svc_user'])}:${secret}@${c.pick(['db', 'cache-1', 'mq'])}.internal:${c.text(4, '123456789')}/app`;
    const [ext, how] = c.pick(languages);
    all.push({
      kind: 'password in a URL',
      secret,
      ext,
      text: how(c.pick(['databaseUrl', 'DATABASE_URL', 'broker']), url),
    });
  }
  for (let i = 0; i < 30; i++) {
    const secret = pem(c);
    all.push({
      kind: 'private key',
      secret,
      ...c.pick([
        { ext: 'pem', text: `${secret}\n` },
        { ext: 'py', text: `KEY = """${secret}"""\n` },
        { ext: 'yaml', text: `tls:\n  key: |\n${secret.replaceAll(/^/gm, '    ')}\n` },
        { ext: 'js', text: `const key = "${secret.replaceAll('\n', '\\n')}";\n` },
      ]),
    });
  }
  return all;
}

/** What no secret is: `make` gives a line, or a whole file, in some language. */
const lookAlikes: Record<string, (c: Chance) => readonly [ext: string, text: string]> = {
  'hash of a commit': (c) => ['md', `Fixed in ${c.text(40, hexes)}, see also ${c.text(7, hexes)}.\n`],
  'integrity in a lock file': (c) => [
    'yaml',
    `packages:\n  left-pad@1.3.0:\n    resolution: {integrity: sha512-${c.text(86, base64)}==}\n`,
  ],
  'checksum of a download': (c) => [
    'sh',
    `curl -fsSLo tool.tgz https://dl.example.org/tool.tgz\necho "${c.text(64, hexes)}  tool.tgz" | sha256sum -c\n`,
  ],
  uuid: (c) => [
    'ts',
    `export const tenantId = '${c.text(8, hexes)}-${c.text(4, hexes)}-4${c.text(3, hexes)}-a${c.text(3, hexes)}-${c.text(12, hexes)}';\n`,
  ],
  'picture in base64': (c) => [
    'css',
    `.logo { background: url(data:image/png;base64,iVBORw0KGgo${c.text(200, base64)}=); }\n`,
  ],
  'sentence about passwords': (c) => [
    'json',
    `{\n  "password.${c.pick(['hint', 'error', 'title'])}": "Your password must have ${8 + c.below(8)} characters or more",\n  "token": "Token has expired, sign in again"\n}\n`,
  ],
  'type of a field': (c) => [
    'ts',
    `interface Login {\n  ${c.pick(names.password)}: string;\n  ${c.pick(names.key)}?: string;\n  tokenType: 'bearer';\n}\n`,
  ],
  'value from the environment': (c) => [
    ...(c.pick([
      ['ts', `const ${c.pick(names.key)} = process.env.${c.pick(['API_KEY', 'TOKEN_FOR_CI'])} ?? '';\n`],
      ['py', `${c.pick(names.key)} = os.environ["SERVICE_API_TOKEN"]\n`],
      ['go', `${c.pick(names.password)} := os.Getenv("DATABASE_PASSWORD_PROD")\n`],
      ['yaml', 'env:\n  API_TOKEN: $' + '{{ secrets.API_TOKEN }}\n  password: "{{ vault_db_password }}"\n'],
      ['env', 'DB_PASSWORD=$' + '{POSTGRES_PASSWORD_FILE}\n'],
      ['rb', `config.${c.pick(names.password)} = ENV.fetch("APP_DATABASE_PASSWORD")\n`],
    ]) as [string, string]),
  ],
  'place for a value': (c) => {
    const [ext, how] = c.pick(languages.slice(0, 16));
    return [
      ext,
      how(
        c.pick([...names.key, ...names.password]),
        c.pick([
          'changeme',
          'your-api-key-here',
          'CHANGE_ME_PLEASE',
          'xxxxxxxxxxxxxxxx',
          'replace-with-your-token',
          'example-password',
          'REDACTED',
          'todo-set-in-prod',
          'insert_key_here',
          'placeholder',
        ]),
      ),
    ];
  },
  'name of a secret': (c) => {
    const [ext, how] = c.pick(languages.slice(0, 16));
    return [
      ext,
      how(
        c.pick(['secretName', 'password_field', 'tokenHeader', 'API_KEY_NAME', 'credentialsFile', 'passwordLabel']),
        c.pick([
          'x-api-key-v2',
          'app-tls-cert-2026',
          'db-credentials-prod',
          'login_password_1',
          'authorization',
          '/run/secrets/db1',
        ]),
      ),
    ];
  },
  'public key': (c) => [
    'txt',
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${c.text(43, base64)} ada@laptop\nage1${c.text(58, 'qpzry9x8gf2tvdw0s3jn54khce6mua7l')}\n`,
  ],
  certificate: (c) => [
    'pem',
    `-----BEGIN CERTIFICATE-----\n${Array.from({ length: 12 }, () => c.text(64, base64)).join('\n')}\n-----END CERTIFICATE-----\n`,
  ],
  'value that sops encrypted': (c) => [
    'yaml',
    `password: ENC[AES256_GCM,data:${c.text(20, base64)}==,iv:${c.text(43, base64)}=,tag:${c.text(22, base64)}==,type:str]\n`,
  ],
  'url without a password': (c) => [
    'ts',
    `const tokenUrl = 'https://auth.example.org/oauth2/${c.text(12, lower)}/token?client=${c.text(10, alnum)}';\n`,
  ],
  'url with a word for the password': (c) => [
    'yaml',
    `url: ${c.pick(['postgres://user:password@localhost:5432/app', 'mysql://root:root@127.0.0.1/test', 'postgres://$USER:$PASS@db/app', 'amqp://guest:guest@mq', 'redis://user:<password>@cache', 'https://user:$' + '{TOKEN}@git.example.org/a.git'])}\nid: ${c.text(6, digits)}\n`,
  ],
  'call of a function': (c) => [
    'ts',
    `const ${c.pick(names.key)} = await ${c.pick(['getToken', 'readSecret', 'vault.read'])}('${c.pick(['production', 'billing/service', 'main'])}', ${c.below(9)});\nsetPassword(user, hash(input));\n`,
  ],
  'short-lived key of a map': (c) => [
    'js',
    `const key = '${c.pick(['user', 'order', 'cart'])}:${c.text(5, digits)}';\ncache.set(key, value);\nconst keyCode = ${c.below(99)};\nconst cacheKey = 'v2-${c.pick(people)}-${c.pick(people)}';\n`,
  ],
  'names in a style sheet': (c) => [
    'html',
    `<div class="Button_root__${c.text(5, alnum)} token-list key-${c.text(6, hexes)}" data-key="row-${c.text(4, digits)}"></div>\n`,
  ],
  'minified code': (c) => [
    'js',
    `!function(e,t){var n=e.token||"",r=t.key;function o(e){return ${c.text(1, lower)}(e.password,n+r)}var ${c.text(2, lower)}=[${Array.from({ length: 30 }, () => c.below(999)).join(',')}];o(n)}(window,{key:"k"});\n`,
  ],
  'number of something': (c) => [
    'yaml',
    `token_ttl: ${c.text(5, '123456789')}\nmax_tokens: ${c.text(4, '123456789')}\npassword_min_length: 12\nsecret_version: "${c.below(40)}"\nkey: row_${c.text(4, digits)}\n`,
  ],
  'identifier of a cloud': (c) => [
    'tf',
    `resource "aws_kms_key" "main" {}\nlocals {\n  kms_key_arn = "arn:aws:kms:eu-central-1:${c.text(12, digits)}:key/${c.text(8, hexes)}-${c.text(4, hexes)}-4${c.text(3, hexes)}-9${c.text(3, hexes)}-${c.text(12, hexes)}"\n  secret_id = "projects/app/secrets/db-password"\n}\n`,
  ],
  'commit of a workflow': (c) => [
    'yaml',
    `steps:\n  - uses: actions/checkout@${c.text(40, hexes)}\n    with:\n      token: \${{ github.token }}\n`,
  ],
  'name of a constant': (c) => [
    'ts',
    `export const FLOW_${c.pick(['PASSWORD', 'TOKEN', 'SECRET'])}_REQUIRED_V2 = 'Flow${c.pick(['Existing', 'New', 'SignUp'])}PasswordRequiredResultV2';\nsession.timeout = s.SessionTimeoutMinutes${c.pick(['Ptr', 'Max', 'Raw'])};\n`,
  ],
  'address in a manual': (c) => [
    'md',
    `    new URL('https://${c.pick(['a', 'user', 'abc'])}:${c.pick(['xyz', '123', 'pass'])}@example.org/${c.text(4, lower)}?password=secret');\n`,
  ],
  translation: (c) => [
    'po',
    `msgid "password"\nmsgstr "${c.pick(['Passwort', 'Mot de passe', 'Contraseña'])}"\nmsgid "Secret key"\nmsgstr "${c.pick(['Geheimer Schlüssel', 'Clé secrète'])}"\n`,
  ],
};

/** Both kinds, in an order by chance. The same samples for the same seed. */
export function corpus(seed = 14): Sample[] {
  const c = chance(seed);
  const good = trueSamples(c);
  const bad = Object.entries(lookAlikes).flatMap(([kind, make]) =>
    Array.from({ length: 50 }, () => {
      const [ext, text] = make(c);
      return { kind, secret: undefined, text, ext };
    }),
  );
  return [...good, ...bad].map(({ ext, ...one }: Omit<Sample, 'path'> & { ext?: string }, i) => ({
    ...one,
    path: ext === 'env' ? `s${i}/.env` : `s${i}/file.${ext}`,
  }));
}
