/** Words of the memory that the loop's thread and its watcher share. */
export const CONTROL_WORDS = 6;
/** Not 0 where the loop is to stop: for now, or because its network namespace has gone. */
export const STOP = 0;
export const STOP_FOR_NOW = 1;
export const STOP_FOR_GOOD = 2;
export const BEAT = 1;
/** File descriptor of the event socket, plus one; 0 before it is open. */
export const EVENT_DESCRIPTOR = 2;
/** Changes of the configuration that wait to be received by the loop's thread. */
export const CHANGES = 3;
/** 1 where reliable delivery has been taken away from the loop, and the event socket's count of drops at that moment. */
export const TAKEN = 4;
export const TAKEN_AT_DROPS = 5;
