// The command line of AWS, and a server that stands in for AWS: installed into .cache/aws, pinned, for tests that ask a real one.
import { join } from 'node:path';
import { run } from './child.mjs';
import { cache, lacks, which } from './setup.mjs';
import { installOnce } from './steps.mjs';

/** What moto wants for all services is left out; Flask is what its server needs. */
const versions = ['moto==5.2.5', 'awscli==1.46.3', 'flask==3.1.2', 'flask-cors==6.0.1'];
const folder = join(cache, 'aws');
const bin = join(folder, 'venv', 'bin');

/** The folder that has `aws` and `moto_server`, as an environment variable of the tests. Without Python it is named, and the run fails where it is strict. */
export async function ensureAws() {
  if (process.platform === 'win32' || which('python3') === undefined) {
    lacks(`no ${process.platform === 'win32' ? 'POSIX' : 'python3'} on this machine, to install moto and awscli`);
    return {};
  }
  await installOnce(folder, [versions, process.platform, process.arch], 'AWS: moto, awscli', async () => {
    await run('python3', ['-m', 'venv', join(folder, 'venv')]);
    await run(join(bin, 'python'), ['-m', 'pip', '-q', '--disable-pip-version-check', 'install', ...versions]);
  });
  return { LOCKSTEP_AWS: bin };
}
