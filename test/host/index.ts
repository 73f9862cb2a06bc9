// Runs inside the extension host: loads the bundled tests beside this file and tells the driver, line by line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** The driver's choice, in options.json beside the bundle. `marker` starts every line for the driver. */
interface Options {
  readonly files: readonly string[];
  readonly grep?: string;
  readonly marker: string;
  readonly timeout: number;
}

/** Rejects when a test failed: that is how the host hears of it. */
export async function run(): Promise<void> {
  const options: Options = JSON.parse(readFileSync(join(__dirname, 'options.json'), 'utf8'));
  const mocha = new Mocha({ ui: 'bdd', timeout: options.timeout, reporter: reporter(options.marker) });
  if (options.grep !== undefined) mocha.grep(options.grep);
  for (const file of options.files) mocha.addFile(join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failing`);
}

function reporter(marker: string) {
  const tell = (event: object) => console.log(marker + JSON.stringify(event));
  return class extends Mocha.reporters.Base {
    constructor(runner: Mocha.Runner, settings: Mocha.MochaOptions) {
      super(runner, settings);
      runner.on('pass', (test) => tell({ kind: 'passed', title: test.fullTitle(), ms: test.duration ?? 0 }));
      runner.on('pending', (test) => tell({ kind: 'skipped', title: test.fullTitle() }));
      runner.on('fail', (test, error) =>
        tell({ kind: 'failed', title: test.fullTitle(), error: String(error?.stack ?? error) }),
      );
      runner.once('end', () => tell({ kind: 'end' }));
    }
  };
}
