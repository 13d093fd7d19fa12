import { connect } from 'node:net';
import { isTopology } from '../detect.js';
import { type Content, MOST_OCTETS, tooMuch } from './content.js';
import { formatPlace, type TopologyPlace } from './place.js';

type TcpPlace = Extract<TopologyPlace, { kind: 'tcp' }>;

/**
 * What is said where nothing is set: babeld; olsrd's jsoninfo and txtinfo (dot_draw sends whatever it hears); olsrd2. Each closes the
 * connection when it has answered, and when it does not understand.
 */
const QUESTIONS = ['dump\nquit\n', '/all\n', '/netjsoninfo route graph\n'];

/** Those who do not close the connection have said all when they are silent for so long. */
const SILENCE_MILLISECONDS = 2000;

/** Connects, says what is to be said, and reads the answer. `before` tells which question was the right one. */
export async function readTcp(place: TcpPlace, before: Content | undefined, signal: AbortSignal): Promise<Content> {
  const right = before?.mark;
  const questions =
    place.send !== undefined ? [line(place.send)] : right === undefined ? QUESTIONS : [right, ...QUESTIONS];
  let answer: Uint8Array = new Uint8Array();
  for (const question of questions) {
    answer = await ask(place, question, signal);
    if (isTopology(answer)) return { octets: [answer], mark: question };
  }
  return { octets: [answer] };
}

function line(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function ask(place: TcpPlace, question: string, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const socket = connect({ host: place.host, port: place.port, signal });
    const done = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks));
    };
    socket.setTimeout(SILENCE_MILLISECONDS, () => {
      if (!socket.connecting) done();
    });
    socket.on('connect', () => question !== '' && socket.write(question));
    socket.on('data', chunk => {
      size += chunk.length;
      if (size > MOST_OCTETS) socket.destroy(tooMuch(formatPlace(place)));
      else chunks.push(chunk);
    });
    socket.on('end', done);
    // Who closes with our question unread resets the connection, but has said what it had to say.
    socket.on('error', error =>
      size > 0 && (error as NodeJS.ErrnoException).code === 'ECONNRESET' ? done() : reject(error),
    );
  });
}
