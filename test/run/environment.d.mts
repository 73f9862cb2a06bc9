type Environment = Readonly<Record<string, string | undefined>>;

export function innerEnvironment(added?: Environment, from?: Environment): Record<string, string>;
