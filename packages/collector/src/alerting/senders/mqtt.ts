import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Packet } from 'mqtt-packet';
import { bodyOf } from '../body.js';
import type { MqttSettings } from '../channel-settings.js';
import type { AlertMessage } from '../message.js';
import { readSecret } from './secret.js';
import type { Sender } from './sender.js';
import { openStream } from './stream.js';

/** MQTT 3.1.1: connects, publishes, and goes. */
export class Mqtt implements Sender {
  readonly where: string;

  constructor(readonly settings: MqttSettings) {
    const { host, port, topic } = settings;
    this.where = `topic ${topic} of the MQTT broker ${host}:${port}`;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<string> {
    const { topic, qos, user, password } = this.settings;
    const socket = await openStream(this.settings, signal);
    try {
      const talk = await Conversation.over(socket);
      const login = user === undefined ? {} : { username: user, password: Buffer.from(readSecret(password) ?? '') };
      const clientId = `weir-${randomBytes(8).toString('hex')}`;
      const greeting = await talk.ask(
        { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId, keepalive: 60, ...login },
        'connack',
      );
      if (greeting.cmd === 'connack' && greeting.returnCode !== 0)
        throw new Error(refusals[greeting.returnCode!] ?? refusals[3]);
      const publish = { cmd: 'publish', topic, qos, payload: bodyOf(message), dup: false, retain: false } as const;
      if (qos === 0) talk.say(publish);
      else await talk.ask({ ...publish, messageId: 1 }, 'puback');
      talk.say({ cmd: 'disconnect' });
      await new Promise<void>(resolve => socket.end(() => resolve()));
      return qos === 0 ? 'it was sent; with qos=0 the broker does not tell whether it has it' : 'the broker has it';
    } finally {
      socket.destroy();
    }
  }
}

/** MQTT 3.1.1 table 3.1. */
const refusals: Readonly<Record<number, string>> = {
  1: 'the broker does not speak MQTT 3.1.1',
  2: 'the broker does not take our name',
  3: 'the broker takes nobody at the moment',
  4: 'the broker says that user or password is wrong; see user and password-file',
  5: 'the broker does not let us in; see user and password-file',
};

/** Packets to and fro. */
class Conversation {
  readonly #codec: typeof import('mqtt-packet');
  readonly #socket: Socket;
  #wanted: Packet['cmd'] | undefined;
  #take: (packet: Packet) => void = () => {};
  #fail: (error: Error) => void = () => {};

  /** Only who speaks MQTT loads its codec. */
  static async over(socket: Socket): Promise<Conversation> {
    return new Conversation((await import('mqtt-packet')).default, socket);
  }

  private constructor(codec: typeof import('mqtt-packet'), socket: Socket) {
    this.#codec = codec;
    this.#socket = socket;
    const parser = codec.parser({ protocolVersion: 4 });
    parser.on('packet', packet => {
      if (packet.cmd === this.#wanted) this.#take(packet);
    });
    parser.on('error', () => this.#fail(new Error('what answers is no MQTT broker')));
    socket.on('data', chunk => parser.parse(chunk));
    socket.once('error', error => this.#fail(error));
    socket.once('close', () => this.#fail(new Error('the broker ended the connection without an answer')));
  }

  say(packet: Packet): void {
    this.#socket.write(this.#codec.generate(packet));
  }

  ask(packet: Packet, answer: Packet['cmd']): Promise<Packet> {
    return new Promise((resolve, reject) => {
      this.#wanted = answer;
      this.#take = resolve;
      this.#fail = reject;
      this.say(packet);
    });
  }
}
