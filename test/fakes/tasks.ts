// Of the fake of `vscode`: tasks and what they execute.
export class ProcessExecution {
  readonly process: string;
  readonly args: readonly string[];
  readonly options?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };
  constructor(process: string, args: readonly string[], options?: ProcessExecution['options']) {
    this.process = process;
    this.args = args;
    this.options = options;
  }
}
export class ShellExecution {
  readonly commandLine?: string;
  readonly command?: unknown;
  readonly args?: readonly unknown[];
  readonly options?: ProcessExecution['options'];
  constructor(
    first: unknown,
    second?: readonly unknown[] | ProcessExecution['options'],
    third?: ProcessExecution['options'],
  ) {
    if (Array.isArray(second)) {
      this.command = first;
      this.args = second;
      this.options = third;
    } else {
      this.commandLine = first as string;
      this.options = second as ProcessExecution['options'];
    }
  }
}
export class CustomExecution {}
export class Task {
  readonly definition: { readonly type: string };
  readonly scope: unknown;
  readonly name: string;
  readonly source: string;
  readonly execution: unknown;
  problemMatchers: readonly string[];
  presentationOptions: unknown = {};
  constructor(
    definition: Task['definition'],
    scope: unknown,
    name: string,
    source: string,
    execution?: unknown,
    problemMatchers: readonly string[] = [],
  ) {
    this.definition = definition;
    this.scope = scope;
    this.name = name;
    this.source = source;
    this.execution = execution;
    this.problemMatchers = problemMatchers;
  }
}
