/**
 * The engine's process: a heavy query must not hold up the collector, the engine takes its process with it when it
 * crashes, and one process can open one directory only. Talks to its parent over IPC and ends with it.
 */
import { Engine } from './engine.js';
import type { Answer, NumberedRequest, Request } from './messages.js';

let engine: Engine | undefined;

async function answer({ id, request }: NumberedRequest): Promise<Answer> {
  try {
    return { id, rows: await run(id, request) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

async function run(id: number, request: Request): Promise<Uint8Array | null> {
  if (request.kind === 'open') {
    engine = new Engine(request.directory, request.memory);
    return null;
  }
  if (engine === undefined) throw new Error('the engine is not open');
  switch (request.kind) {
    case 'command':
      await engine.command(request.sql);
      return null;
    case 'insert':
      await engine.insert(request.file, request.insert);
      return null;
    case 'query':
      return await engine.query(id, request.sql, request.parameters);
    case 'export':
      await engine.export(id, request);
      return null;
    case 'kill':
      await engine.kill(request.query);
      return null;
    case 'stream':
      engine.stream(id, request.sql, request.parameters);
      return null;
    case 'next':
      return await engine.next(request.stream);
    case 'cancel':
      engine.cancel(request.stream);
      return null;
    case 'close':
      engine.close();
      return null;
  }
}

process.on('message', (message: NumberedRequest) => {
  void answer(message).then(reply => {
    if (process.connected) process.send?.(reply, () => message.request.kind === 'close' && process.exit(0));
  });
});
// A dead parent cannot be answered, and an engine that is killed loses nothing that was acknowledged: no orderly end.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A signal to the whole process group is the parent's to act on: it still has batches to hand over.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
