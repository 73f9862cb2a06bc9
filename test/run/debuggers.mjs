// The debuggers of the stage `adapters`: debugpy and Delve are installed into .cache/debuggers, pinned, the others by apt-get where that is allowed.
import { join } from 'node:path';
import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { apt, cache, ensureServer, lacks, mayApt, root, which } from './setup.mjs';
import { installOnce } from './steps.mjs';

const versions = { debugpy: 'debugpy==1.8.22', delve: 'github.com/go-delve/delve/cmd/dlv@v1.27.2' };
/** Those that Debian has, by the names of its packages. */
const packages = { gdb: 'gdb', gcc: 'gcc', lldb: 'lldb', jdb: 'default-jdk-headless' };
const folder = join(cache, 'debuggers');
const places = { python: join(folder, 'venv', 'bin', 'python'), dlv: join(folder, 'dlv') };

/** Where they are, as environment variables of the tests. What cannot be had is named, and its tests are left out, or the run fails where it is strict. */
export async function ensureDebuggers() {
  const missing = ['python3', 'go'].filter((name) => which(name) === undefined);
  if (missing.length > 0) {
    lacks(`no ${missing.join(', no ')} on this machine, to install debugpy and Delve`);
  }
  const absent = Object.entries(packages).filter(([name]) => which(name) === undefined);
  if (absent.length > 0 && mayApt())
    await apt(...absent.map(([, name]) => name)).catch((error) => console.log(error.message));
  if (missing.length === 0) {
    await installOnce(folder, [versions, process.platform, process.arch], 'debuggers: debugpy, Delve', async () => {
      await run('python3', ['-m', 'venv', join(folder, 'venv')]);
      await run(places.python, ['-m', 'pip', '-q', '--disable-pip-version-check', 'install', versions.debugpy]);
      await run('go', ['install', versions.delve], {
        cwd: root,
        env: innerEnvironment({ GOBIN: folder, GOFLAGS: '-mod=mod -p=2' }),
      });
    });
  }
  // VS Code's own Node is newer than that of most machines.
  await ensureServer();
  return {
    LOCKSTEP_DEBUGPY: places.python,
    LOCKSTEP_DLV: places.dlv,
    LOCKSTEP_NODE_EXEC: join(cache, 'vscode', 'node_modules', '.bin', 'node'),
  };
}
