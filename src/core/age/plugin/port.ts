/** A running plugin. Its standard input and output are ASCII text. */
export interface PluginProcess {
  send(text: string): void;
  /** What it wrote since; undefined at its end. Rejects when it says nothing for too long. */
  receive(): Promise<string | undefined>;
  /** Ends it, if it has not ended. */
  stop(): void;
}

/** The person who uses a plugin. Its texts are not to be trusted: they come from another program. */
export interface PluginPerson {
  /** Shows a text; whether that could be done. */
  tell(plugin: string, text: string): boolean;
  /** Asks a question with one or two answers: whether the first was chosen; undefined where nobody can be asked, or did not answer. */
  confirm(plugin: string, text: string, yes: string, no: string | undefined): Promise<boolean | undefined>;
  /** A text that a person types, unseen if it is secret; undefined where nobody can be asked, or did not answer. */
  ask(plugin: string, text: string, secret: boolean): Promise<string | undefined>;
}

export type Machine = 'recipient-v1' | 'identity-v1';

export interface Plugins {
  /** Starts the program of a plugin; undefined when it is not installed. */
  start(plugin: string, machine: Machine): Promise<PluginProcess | undefined>;
  readonly person: PluginPerson;
}

let known: Plugins | undefined;

/** Lets keys of plugins be used: where programs can be started, and by whom. */
export function usePlugins(plugins: Plugins): void {
  known = plugins;
}

/** Undefined where no program can be started. */
export const plugins = () => known;
