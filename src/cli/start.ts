import { compileCache } from './compilecache.ts';
import { signature } from './version.ts';

// The first file of the command line. What it does is worth doing before the second one, which is large, is read.
const [word, ...more] = process.argv.slice(2);
if ((word === '--version' || word === '-v') && more.length === 0) process.stdout.write(`${signature}\n`);
else {
  compileCache();
  void import('./main.ts');
}
