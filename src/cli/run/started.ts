const heard: NodeJS.EventEmitter = process;
const name = 'lockstep-started';

/**
 * Says that another program has been started, which may run for days: what was compiled until now is what the next start needs. V8 throws
 * away what was not run for a while, so at the end of a long run little of it would be left.
 */
export const tellStarted = (): void => void heard.emit(name);

/** Calls back when the first one has been started. */
export const onceStarted = (answer: () => void): void => void heard.once(name, answer);
