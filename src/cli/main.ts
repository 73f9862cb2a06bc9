import { useAead } from '../core/sops/aead.ts';
import { nodeAead } from '../node/aead.ts';
import { processIo } from './process.ts';
import { main } from './program.ts';

useAead(nodeAead);
main(process.argv.slice(2), processIo())
  .catch((error: unknown) => {
    // The stack names our own code only; the message of a foreign error might hold what it stumbled over.
    const name = error instanceof Error ? error.name : 'Error';
    process.stderr.write(`lockstep: ${name}, which should not happen.\n`);
    return 1;
  })
  .then((code) => process.exit(code));
