/** Words of the memory that the loop's thread and its watcher share. */
export const CONTROL_WORDS = 4;
/** Not 0 where the loop is to stop: for now, or because its network namespace has gone. */
export const STOP = 0;
export const STOP_FOR_NOW = 1;
export const STOP_FOR_GOOD = 2;
export const BEAT = 1;
/** File descriptor of the event socket, plus one; 0 before it is open. */
export const EVENT_DESCRIPTOR = 2;
/** Changes of the configuration that wait to be received by the loop's thread. */
export const CHANGES = 3;
