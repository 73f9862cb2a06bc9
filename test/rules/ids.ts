/** The parts of package.json that name commands, settings and context keys. */
export interface Manifest {
  readonly contributes?: {
    readonly commands?: readonly { readonly command: string; readonly enablement?: string }[];
    readonly configuration?: Configuration | readonly Configuration[];
    readonly menus?: Readonly<Record<string, readonly Item[]>>;
    readonly keybindings?: readonly Item[];
    readonly [other: string]: unknown;
  };
}
interface Configuration {
  readonly properties?: Readonly<Record<string, unknown>>;
}
interface Item {
  readonly command?: string;
  readonly when?: string;
}

export interface Ids {
  readonly commands: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly contexts: Readonly<Record<string, string>>;
}

/** What stands on the left of a comparison in a `when` clause, or alone: the keys, not the values. */
function keysOf(clause: string): string[] {
  const withoutValues = clause.replace(/(==|!=|=~|<=?|>=?|\bin\b|\bnot in\b)\s*('[^']*'|\/[^/]*\/\w*|[^\s&|)]+)/g, ' ');
  return [...withoutValues.matchAll(/\blockstep\.[\w.]+/g)].map((match) => match[0]);
}

/** All `when` and `enablement` clauses, at any depth. */
function clausesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(clausesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === 'when' || key === 'enablement') && typeof inner === 'string' ? [inner] : clausesOf(inner),
  );
}

function difference(kind: string, declared: readonly string[], coded: readonly string[]): string[] {
  return [
    ...declared.filter((id) => !coded.includes(id)).map((id) => `${kind} ${id} is in package.json only`),
    ...coded.filter((id) => !declared.includes(id)).map((id) => `${kind} ${id} is in ids.ts only`),
    ...declared.filter((id, index) => declared.indexOf(id) < index).map((id) => `${kind} ${id} is declared twice`),
  ];
}

/** Where package.json and ids.ts disagree, as sentences. */
export function disagreements({ contributes = {} }: Manifest, ids: Ids): string[] {
  const commands = Object.values(ids.commands);
  const settings = Object.values(ids.settings);
  const known = [...Object.values(ids.contexts), ...settings.map((setting) => `config.${setting}`)];
  const configurations = [contributes.configuration ?? []].flat();
  const items = [...Object.values(contributes.menus ?? {}).flat(), ...(contributes.keybindings ?? [])];
  return [
    ...difference(
      'command',
      (contributes.commands ?? []).map((one) => one.command),
      commands,
    ),
    ...difference(
      'setting',
      configurations.flatMap((one) => Object.keys(one.properties ?? {})),
      settings,
    ),
    ...items
      .map((item) => item.command)
      .filter((id) => id?.startsWith('lockstep.') && !commands.includes(id))
      .map((id) => `a menu or key names the unknown command ${id}`),
    ...clausesOf(contributes)
      .flatMap((clause) => keysOf(clause.replaceAll('config.lockstep.', 'config.')))
      .filter((key) => !known.includes(key))
      .map((key) => `a when clause names the unknown context key ${key}`),
  ];
}
