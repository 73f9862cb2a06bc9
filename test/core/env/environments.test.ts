import assert from 'node:assert/strict';
import { type Declared, soundEnvironments } from '../../../src/core/env/declared.ts';
import { findEnvironment, flagsOf, type Look, listEnvironments } from '../../../src/core/env/environments.ts';
import { LockstepError } from '../../../src/core/errors.ts';

/** Folders by their paths: the names of their files, those with a star encrypted, and what is written down. */
interface Folder {
  readonly files: readonly string[];
  readonly declared?: string;
  readonly personal?: string;
}

function lookAt(tree: Readonly<Record<string, Folder>>, foreign: readonly string[] = []): Look<string> {
  const at = (folder: string) => tree[folder] ?? { files: [] };
  return {
    names: async (folder) => at(folder).files.map((name) => name.replace('*', '')),
    async declared(folder) {
      const { declared, personal } = at(folder);
      const layers: ReadonlyMap<string, Declared>[] = [];
      if (personal !== undefined) layers.push(soundEnvironments(personal, 'setting'));
      if (declared !== undefined) layers.push(soundEnvironments(declared));
      return layers;
    },
    above: async (folder) => (folder === '/' ? undefined : folder.slice(0, folder.lastIndexOf('/')) || '/'),
    isEncrypted: async (folder, file) => at(folder).files.includes(`${file}*`),
    async requireOwn(_, file) {
      if (foreign.includes(file)) throw new LockstepError('BAD_ENVIRONMENTS', { what: 'link', path: [file] });
    },
  };
}

const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof LockstepError, String(error));
  assert.equal(error.message, expected);
  return true;
};

describe('environments', () => {
  const find = async (tree: Readonly<Record<string, Folder>>, name?: string, from = '/') => {
    const found = await findEnvironment(lookAt(tree), from, name);
    return [found.name, found.folder, ...found.files];
  };

  it('are found by the names of files, the nearest first', async () => {
    const tree = {
      '/': { files: ['.env*', '.env.production*', 'secrets.staging.yaml*'] },
      '/app': { files: ['.env.prod*', 'README.md', 'package.json'] },
    };
    assert.deepEqual(await find(tree), ['', '/', '.env']);
    assert.deepEqual(await find(tree, 'Production', '/app'), ['prod', '/app', '.env.prod']);
    assert.deepEqual(await find(tree, 'production'), ['production', '/', '.env.production']);
    assert.deepEqual(await find(tree, 'stage', '/app/src'), ['staging', '/', 'secrets.staging.yaml']);
    assert.deepEqual(await find(tree, '', '/app'), ['', '/', '.env']);
    await assert.rejects(find(tree, 'qa'), code('NO_ENVIRONMENT'));
    await assert.rejects(find({}), code('NO_ENVIRONMENT (none)'));
  });

  it('take no plaintext copy beside an encrypted file, and both where neither is encrypted', async () => {
    assert.deepEqual(await find({ '/': { files: ['.env.production', 'production.env*'] } }, 'production'), [
      ...['production', '/', 'production.env'],
    ]);
    assert.deepEqual(await find({ '/': { files: ['.env.production', 'production.env'] } }, 'production'), [
      ...['production', '/', '.env.production', 'production.env'],
    ]);
  });

  it('are listed, without plain files that have such a name by chance', async () => {
    const tree = {
      '/': {
        files: ['.env*', '.env.production', 'ci.yaml', 'config.test.json', 'dev.yaml*', '.env.example', '.env.a b'],
      },
      '/app': { files: ['.env.Production*'], declared: 'qa: { files: [a.env] }\nempty: {}\n' },
    };
    const listed = await listEnvironments(lookAt(tree), '/app');
    assert.deepEqual(
      listed.map(({ name, folder }) => `${folder} ${name}`),
      ['/ ', '/app Production', '/ dev', '/app qa'],
    );
  });

  it('are what is written down for them, a person’s own first', async () => {
    const declared = `production: # the database is another team's
  files: [config/prod.env, db.enc.yaml]
  variables: { db.password: PGPASSWORD, db.user: PGUSER }
development: { default: true, loader: compose }
"*": { loader: python, variables: { a: A1, db.user: OTHER } }
`;
    const personal = '{"production":{"loader":"literal","variables":{"db.user":"ME"}},"mine":{"files":["mine.env"]}}';
    const files = ['.env.production*', '.env.development*', '.env*'];
    const shared = lookAt({ '/': { files, declared } });
    const production = await findEnvironment(shared, '/', 'PRODUCTION');
    assert.deepEqual(
      [production.files, production.inOrder, production.loader, production.isDefault],
      [['config/prod.env', 'db.enc.yaml'], true, 'python', false],
    );
    assert.deepEqual(Object.fromEntries(production.variables), {
      a: 'A1',
      'db.password': 'PGPASSWORD',
      'db.user': 'PGUSER',
    });
    assert.deepEqual([...production.required], ['db.password', 'db.user']);
    const normal = await findEnvironment(shared, '/', undefined);
    assert.deepEqual(
      [normal.name, normal.files, normal.inOrder, normal.loader, normal.isDefault],
      ['development', ['.env.development'], false, 'compose', true],
    );
    const own = await findEnvironment(lookAt({ '/': { files, declared, personal } }), '/', 'production');
    assert.equal(own.loader, 'literal');
    assert.deepEqual(Object.fromEntries(own.variables), { a: 'A1', 'db.password': 'PGPASSWORD', 'db.user': 'ME' });
    assert.deepEqual(own.files, ['config/prod.env', 'db.enc.yaml']);
    const mine = await findEnvironment(lookAt({ '/': { files, declared, personal } }), '/', 'mine');
    assert.deepEqual([mine.files, mine.loader], [['mine.env'], 'python']);
  });

  it('have at most one default, and a person’s own goes before', async () => {
    const tree = {
      '/': { files: ['.env.a*', '.env.b*'], declared: 'a: { default: true }', personal: '{"b":{"default":true}}' },
    };
    const listed = await listEnvironments(lookAt(tree), '/');
    assert.deepEqual(
      listed.map(({ name, isDefault }) => [name, isDefault]),
      [
        ['a', false],
        ['b', true],
      ],
    );
    assert.equal((await findEnvironment(lookAt(tree), '/', undefined)).name, 'b');
  });

  it('are refused where a file is not the repository’s own, and only then', async () => {
    const look = lookAt({ '/': { files: ['.env*', '.env.production*'] } }, ['.env.production']);
    await assert.rejects(findEnvironment(look, '/', 'production'), code('BAD_ENVIRONMENTS (link)'));
    assert.equal((await findEnvironment(look, '/', undefined)).name, '');
  });

  it('are said to the command line by name, and a person’s own by what they are', async () => {
    const found = await findEnvironment(
      lookAt({
        '/': { files: [], declared: 'p: { files: [a.env, b/c.yaml], loader: compose, variables: { x.y: Z } }' },
      }),
      ...(['/', 'p'] as const),
    );
    const pathOf = (folder: string, file = '') => `${folder}repo/${file}`;
    assert.deepEqual(flagsOf(found, false, pathOf), ['--env-name', 'p', '--env-from', '/repo/']);
    assert.deepEqual(flagsOf(found, true, pathOf), [
      ...['--file', '/repo/a.env', '--file', '/repo/b/c.yaml', '--dotenv=compose', '--rename', 'Z=x.y'],
    ]);
  });
});
