/** What other systems read, by the words of `--format`. Apart from how they are written, which few runs of the command line need. */
export const targetNames = [
  ...(['dotenv', 'python', 'compose', 'docker', 'systemd', 'shell', 'json', 'yaml', 'kubernetes'] as const),
  ...(['compose-secrets', 'kestra', 'kestra-macro', 'anvil', 'github', 'gitlab', 'tfvars'] as const),
  ...(['flet', 'fernet', 'dotenvx'] as const),
] as const;

export type TargetName = (typeof targetNames)[number];

export const isTargetName = (name: string): name is TargetName => (targetNames as readonly string[]).includes(name);

/** Whether values leave as they are, or as what only a key opens. `names`: no value leaves at all. */
export function leavesAs(name: TargetName): 'plain' | 'sealed' | 'names' {
  if (name === 'compose-secrets') return 'names';
  return name === 'flet' || name === 'fernet' || name === 'dotenvx' ? 'sealed' : 'plain';
}
