import type { Run } from '../call.ts';
import { shells } from '../completion.ts';

const print =
  (shell: keyof typeof shells): Run =>
  async ({ io }) => {
    await io.writeStdout(shells[shell](io.name));
    return 0;
  };

export const completions = {
  bash: print('bash'),
  zsh: print('zsh'),
  fish: print('fish'),
  powershell: print('powershell'),
} as const;
