/** Functions made from text at run time, kept by their text: Templates of the same shape share one. */
const functions = new Map<string, unknown>();
/** Hostile Templates of ever new shapes must not fill the memory with code. */
const MAXIMUM_FUNCTIONS = 256;

/** Fields that code is made for: where it is longer, optimizers give up, and a hostile Template would cost too much. */
export const MAXIMUM_FIELDS = 256;

/**
 * Records after which code is generated for a Template: it costs as much as decoding some hundred of them without. A hostile exporter, who
 * sends ever new Templates, has to send that many records of each to make it cost anything.
 */
export const WARM = 1024;

let allowed: boolean | undefined;

/** Whether code may be made from text here; a Content Security Policy may forbid it. Tried once. */
function mayGenerate(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function('return 1')() === 1;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** The function with that body; undefined where making code from text is forbidden. `T` is the caller's knowledge of the text. */
export function functionOf<T>(parameters: readonly string[], body: string): T | undefined {
  if (!mayGenerate()) return undefined;
  const text = `${parameters.join(',')}:${body}`;
  let made = functions.get(text);
  if (made === undefined) {
    made = new Function(...parameters, body);
    if (functions.size >= MAXIMUM_FUNCTIONS) functions.delete(functions.keys().next().value as string);
    functions.set(text, made);
  }
  return made as T;
}

let own = 0;

/**
 * As functionOf, but of a text of its own. V8 makes what a function's inner function closes over, such as the places of typed arrays,
 * constants of the machine code where it has met it once only, which is twice as fast as code that several share.
 */
export function ownFunctionOf<T>(parameters: readonly string[], body: string): T | undefined {
  return mayGenerate() ? (new Function(...parameters, `/*${own++}*/${body}`) as T) : undefined;
}
