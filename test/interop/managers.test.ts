import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Lab } from '../cli/lab.ts';
import { alice } from '../core/support.ts';
import { describeUnless, missing } from '../skip.ts';

const bin = process.env.LOCKSTEP_AWS;

describeUnless(missing('moto and awscli', bin !== undefined), 'AWS Secrets Manager by the real command line', () => {
  let lab: Lab;
  let server: ChildProcess;
  let env: Record<string, string>;
  let repository: string;

  before(async () => {
    lab = new Lab();
    repository = join(lab.folder, 'repository');
    mkdirSync(join(repository, '.git'), { recursive: true });
    const port = await freePort();
    server = spawn(join(bin ?? '', 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    const address = `http://127.0.0.1:${port}`;
    env = {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      AWS_ENDPOINT_URL: address,
      AWS_ACCESS_KEY_ID: 'example',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_DEFAULT_REGION: 'eu-central-1',
    };
    await until(() => fetch(`${address}/moto-api/`));
    const json = JSON.stringify({ password: 'canary-pass-"1"\n', port: 5432 });
    await aws('create-secret', '--name', 'app/prod', '--secret-string', json);
    await aws('create-secret', '--name', 'far', '--secret-string', 'canary-far-away', '--region', 'us-west-2');
    await aws('create-secret', '--name', 'bytes', '--secret-binary', 'Y2FuYXJ5/w==');
    lab.write(
      join('repository', 'secrets.yaml'),
      `password: aws-sm://app/prod#password
port: aws-sm://app/prod#port
far: aws-sm://far?region=us-west-2
bytes: aws-sm://bytes
absent: aws-sm://absent
`,
    );
    const { code, err } = await run(['encrypt', '-i', '--age', alice.recipient, 'secrets.yaml']);
    assert.equal(code, 0, err);
  });
  after(() => {
    server?.kill();
    lab?.dispose();
  });

  const aws = (...words: string[]) =>
    promisify(execFile)(join(bin ?? '', 'aws'), ['secretsmanager', ...words], { env: { ...process.env, ...env } });
  const run = (args: readonly string[], more: Record<string, string | undefined> = {}) =>
    lab.run(args, { cwd: repository, env: { ...env, ...more } });
  const get = (name: string, more?: Record<string, string | undefined>) =>
    run(['get', '-f', 'secrets.yaml', name], more);

  it('comes to a program: values of a JSON secret, and one of another region', async () => {
    const script = 'process.stdout.write(JSON.stringify([process.env.A, process.env.B, process.env.C]))';
    const wishes = ['A=password', 'B=port', 'C=far'].flatMap((wish) => ['--secret', wish]);
    const words = ['run', '--no-redact', '-f', 'secrets.yaml', ...wishes, '--', process.execPath, '-e', script];
    const { out, err } = await run(words);
    assert.deepEqual(JSON.parse(out || 'null'), ['canary-pass-"1"\n', '5432', 'canary-far-away'], err);
  });

  it('says what it does not get', async () => {
    for (const [name, words, more] of [
      ['absent', /absent: AWS Secrets Manager has no such secret/, {}],
      ['bytes', /bytes: What AWS Secrets Manager has there is no text/, {}],
      [
        'far',
        /far: You are not signed in to AWS Secrets Manager/,
        { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: 'true' },
      ],
    ] as const) {
      const { code, out, err } = await get(name, more);
      assert.deepEqual([code, out], [1, ''], err);
      assert.match(err, words);
      assert.doesNotMatch(err, /canary/);
    }
  });
});

/** A port of this machine that nobody has now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(address && typeof address === 'object');
  return address.port;
}

/** Tries until it works; the test's own time is the limit. */
async function until(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch {
      await wait(200);
    }
  }
}
