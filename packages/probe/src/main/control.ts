/** Words of the memory that the loop's thread and its watcher share. */
export const CONTROL_WORDS = 4;
export const STOP = 0;
export const BEAT = 1;
/** File descriptor of the event socket, plus one; 0 before it is open. */
export const EVENT_DESCRIPTOR = 2;
