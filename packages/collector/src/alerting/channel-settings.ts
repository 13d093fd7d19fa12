/** A place that alerts are sent to, as it is configured. No secret is in any: they are read when they are needed. */
export type ChannelSettings = WebhookSettings | MailSettings | SyslogSettings | MqttSettings;

interface Common {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** File with the authorities of the receiver's certificate; undefined: those that Node.js trusts. */
  readonly ca: string | undefined;
}

export interface WebhookSettings extends Common {
  readonly kind: 'webhook';
  /** Its path and query may be as good as a password: they are told to nobody. */
  readonly url: string;
  /** What the body is signed with. */
  readonly secret: SecretPlace;
  /** What goes into the header Authorization. */
  readonly token: SecretPlace;
}

export interface MailSettings extends Common {
  readonly kind: 'mail';
  readonly security: 'starttls' | 'tls' | 'none';
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly password: SecretPlace;
}

export interface SyslogSettings extends Common {
  readonly kind: 'syslog';
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** RFC 5424 table 1, 0 to 23. */
  readonly facility: number;
}

export interface MqttSettings extends Common {
  readonly kind: 'mqtt';
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly user: string | undefined;
  readonly password: SecretPlace;
}

/** Where a secret is: in a file, or else in a variable of the environment. */
export interface SecretPlace {
  readonly file: string | undefined;
  readonly variable: string;
}

/** When people are told, and how often. Milliseconds. */
export interface TellingSettings {
  /** That a change waits for others, so that they are one message. */
  readonly group: number;
  /** Messages of a channel in an hour. */
  readonly limit: number;
  /** Between two reminders of an event that goes on; 0: none. */
  readonly remind: number;
}
