interface Options {
  readonly scripts?: boolean;
  readonly include?: readonly ('dev' | 'optional' | 'peer')[];
  readonly added?: Readonly<Record<string, string | undefined>>;
}

export function npmEnvironment(options?: Options): Record<string, string>;
export function npm(args: readonly string[], cwd: string, options?: Options): Promise<string>;
