import { shells } from '../completion.ts';
import type { Run } from '../verbs.ts';

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
