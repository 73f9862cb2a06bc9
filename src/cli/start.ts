import { join } from 'node:path';
import { writeFullySync } from '../node/fullwrite.ts';
import { cacheFolder, keptName, runProgram } from './compilecache.ts';
import { programName } from './name.ts';
import { signature } from './version.ts';

/** Verbs with a second file of their own, which is half as large: the build knows them. */
declare const oftenVerbs: readonly string[];

// The first file of the command line. What it does is worth doing before the second one, which is large, is read.
const words = process.argv.slice(2);
const asksForVersion =
  words.some((word) => word === '--version' || word === '-v') &&
  words.every((word) => ['--version', '-v', '--disable-version-check'].includes(word));

function told(): boolean {
  try {
    writeFullySync(1, Buffer.from(`${signature(programName(process.argv[1], process.env), words)}\n`));
    return true;
  } catch {
    // The second file says what is wrong.
    return false;
  }
}

if (!asksForVersion || !told()) {
  const folder = cacheFolder();
  const part = oftenVerbs.includes(words[0] ?? '') ? '-often.js' : '-main.js';
  runProgram(__filename.replace(/\.js$/, part), folder && join(folder, keptName(words)));
}
