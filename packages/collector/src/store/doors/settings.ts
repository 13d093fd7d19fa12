/** Where ClickHouse servers are, and as whom they are asked. */
export interface ServerSettings {
  /** http(s)://HOST:PORT of each; the next is asked where one is away. */
  readonly urls: readonly string[];
  readonly database: string;
  readonly user: string;
  /** File with the password; undefined: WEIR_STORE_PASSWORD of the environment, or none. */
  readonly passwordFile: string | undefined;
  /** File with the authorities of the servers' certificates; undefined: those that Node.js trusts. */
  readonly ca: string | undefined;
  /** Name of the cluster on whose servers the tables are; undefined: they are on one server. */
  readonly cluster: string | undefined;
}

/** The store as it is told to people: without the user and what belongs to it. */
export function serverStoreUrl({ urls, database }: ServerSettings): string {
  const [first, ...others] = urls;
  return `clickhouse:${[first, ...others.map(url => url.slice(url.indexOf('//') + 2))].join(',')}/${database}`;
}
