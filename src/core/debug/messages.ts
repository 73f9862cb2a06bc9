/** What stands for every text while nobody may see values, and it is not known which texts hold some. */
const hidden = '‹lockstep›';

/** By these a debugger and VS Code find things again: they are no texts for a person. */
const kept = new Set([
  ...[
    'type',
    'command',
    'event',
    'path',
    'sourceReference',
    'origin',
    'evaluateName',
    'memoryReference',
    'presentationHint',
  ],
  ...['kind', 'reason', 'category', 'group', 'adapterID', 'frameId', 'threadId', 'id', 'url', 'visibility'],
]);

/** Messages whose texts are what a program printed, or what is in its memory. */
const shown = new Set([
  'output',
  'evaluate',
  'variables',
  'setVariable',
  'setExpression',
  'exceptionInfo',
  'stopped',
  'readMemory',
]);

/**
 * Replaces values in a message of a debugger on its way to VS Code, in place: VS Code hands the message itself to those that listen.
 * @param redact what is shown in place of a text; undefined hides what the program printed and holds, all of it.
 */
export function redactMessage(message: unknown, redact: ((text: string) => string) | undefined): void {
  if (typeof message !== 'object' || message === null) return;
  const { type, event, command } = message as Readonly<Record<string, unknown>>;
  const about = type === 'event' ? event : command;
  if (redact) change(message, redact, 0);
  else if (typeof about === 'string' && shown.has(about) && 'body' in message) change(message.body, () => hidden, 0);
}

/** No message of a debugger is that deep; one that is would be made to stop us. */
const deepest = 50;

function change(holder: unknown, to: (text: string) => string, depth: number): void {
  if (typeof holder !== 'object' || holder === null || depth > deepest) return;
  for (const [name, value] of Object.entries(holder)) {
    if (typeof value !== 'string') change(value, to, depth + 1);
    else if (!kept.has(name)) {
      const changed = to(value);
      if (changed !== value) Reflect.set(holder, name, changed);
    }
  }
}
