// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are what loaders put variables into.
import { Chance, seedOf } from '../../fuzz/chance.ts';
import type { Given } from './tools.ts';

/** Shapes of `.env` as repositories have them; made up here. */
export const shapes: Readonly<Record<string, string>> = {
  'a web framework': `APP_NAME="Sample Shop"
APP_ENV=local
APP_KEY=base64:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNA==
APP_URL=http://localhost
LOG_CHANNEL=stack
REDIS_HOST=127.0.0.1
SESSION_LIFETIME=120

DB_CONNECTION=mysql
DB_PASSWORD=

MAIL_FROM_ADDRESS="hello@example.test"
MAIL_FROM_NAME="\${APP_NAME}"
VITE_APP_NAME="\${APP_NAME}"
`,
  'a shell that sources it': `# source me
export AWS_REGION=eu-central-1
export AWS_SECRET_ACCESS_KEY='wJalr/XUtn+FEMI'   # rotate in May
export PATH_PREFIX="$HOME/bin"
TOKEN = spaced
`,
  'a compose project': `COMPOSE_PROJECT_NAME=shop
TAG=\${VERSION:-1.2.3}
POSTGRES_PASSWORD=pa$$word
POSTGRES_URL=postgres://\${POSTGRES_USER:-app}:\${POSTGRES_PASSWORD}@db/shop # the primary
TRAEFIK_USERS='admin:$apr1$x$y'
`,
  'a node service': `PORT=3000 # http
JWT_SECRET='s3cr#t with space'
PRIVATE_KEY="-----BEGIN KEY-----\\nMIIB\\n-----END KEY-----\\n"
GREETING=\`say "it's"\`
MULTI="one
two
three"
EMPTY=
COLON: yaml-like
`,
  'a python service': `SECRET_KEY='django-insecure-!x#y'
DEBUG=on
DATABASE_URL="postgres://u:p@h/db"
ALLOWED_HOSTS=a.example.test, b.example.test
HOME_OF=\${HOME}/\${DEBUG}-\${MISSING:-none}
FLAG
`,
};

/** Corners of one loader or another. */
export const corners: readonly string[] = [
  '',
  '\n\n',
  'A',
  'A\n',
  'A=1',
  'A=1\r\nB=2\r\n',
  'A=1\rB=2\r',
  '\ufeffA=1\n',
  'A=\n"x"\n',
  'A=\n\nB=2\n',
  'A= # c\nB=#c\nC=x#c\nD=x #c\n',
  '\n\n\n  \n# c\n\n\n  A=1\n',
  'export A=1\nexport  B = 2\nexport\nC=3\nexport=4\n',
  'exportA=1\n',
  'A="x" B=2\nC=3\n',
  `A='it\\'s'\nB="a\\"b"\nC='a"b'\nD="a'b"\n`,
  'A="x\\\\"\nB="\\t\\q\\$C\\0101\\0400\\01"\n',
  'A="a\nb"\nB=\'c\nd\'\nC=`e\nf`\n',
  'A="not closed\nB=2\n',
  "A='not closed\nB=2\n",
  'A="x" # c "y"\nB="x" y\n',
  "'A b'=1\nA.B=2\nA-B=3\n1A=4\nA[0]=5\nä=6\n",
  'A B=1\n',
  'A=$B\nB=1\nC=$B${B}\nD=$$B\nE=${B:-x}\nF=${X:-${B}}\nG=${X-}\nH=${B:+y}\nI=${X:+y}\nJ=$1 $ $-\n',
  'A=${\n',
  'A=${X:?must}\n',
  'A=${X?must}\nB=1\n',
  'A=${HOME}-${HOME:-x}\nHOME=there\nB=${HOME}\n',
  'A=${B}}\nB=}${A}{\nC=${X:-a}b}c\nD=${X:-a}${Y:-b}\nE=${X:-${Y:-${Z:-z}}}\nF=${X-:?}${Y:+b-c}\n',
  'A=1\nA=2\nB=${A}\n',
  'A="${B:-x\ny}"\n',
  'A=x\u2028B=2\nC=3\n',
  'A=\u00a0x\u00a0\nB=\u3000y \nC=\x1cz\x1c\n',
  'A =1\n B=2\n\tC\t=\t3\t\n',
  'A==1\nB=a=b\nC:d=e\n',
  'toString=1\nconstructor\nA=${toString}${valueOf}\n',
  '# only\n#\n',
  'A=1 \\\nB=2\n',
  'export ',
  'A:1\nB: 2\n',
];

const parts = [
  ...[
    'A',
    'B',
    'C1',
    'a.b',
    'x-y',
    'export ',
    'export\t',
    ' ',
    '  ',
    '\t',
    '\n',
    '\n',
    '\n',
    '\r\n',
    '=',
    '=',
    '=',
    ' = ',
  ],
  ...[
    '"',
    "'",
    '`',
    '#',
    ' #',
    '# c',
    '\\',
    '\\n',
    '\\"',
    "\\'",
    '\\t',
    '\\0',
    '$',
    '$$',
    '${',
    '}',
    '${A}',
    '$B',
    ':',
    ':-',
  ],
  ...[
    '${A:-',
    '${B-',
    '${A:+',
    'x',
    'yz',
    '1',
    'word',
    '"v"',
    "'v'",
    '"v w"',
    '-',
    '+',
    '.',
    'ä',
    '\u00a0',
    '{',
    '[',
    ']',
  ],
];

/** Texts by chance that can be had again; lines that are mostly assignments, and some that are anything. */
export function generated(count: number, seed: number): string[] {
  const chance = new Chance(seedOf(seed, 'loaders'));
  const some = (most: number) => Array.from({ length: chance.below(most) }, () => chance.of(parts)).join('');
  const line = () => (chance.below(5) === 0 ? some(8) : `${chance.of(['A', 'B', 'export C', 'D '])}=${some(7)}`);
  return Array.from({ length: count }, () => `${Array.from({ length: 1 + chance.below(4) }, line).join('\n')}\n`);
}

export const given = (text: string): Given => ({ text, env: { HOME: '/home/me', VERSION: '9', E: '' } });
