import { readFileSync, writeFileSync } from 'node:fs';

/**
 * A file that says until when live connections have been exported: the next probe begins there, so that nothing is exported twice. It is
 * written anew while the probe runs, so that it tells to the second also after a kill.
 */
export class LastReport {
  /** @param owner tells this boot and network namespace from others */
  constructor(
    private readonly path: string,
    private readonly owner: number,
  ) {}

  /** Milliseconds since the Unix epoch, 0 where no probe ran since the boot. */
  read(): number {
    try {
      const [owner, until] = readFileSync(this.path, 'utf8').split(' ').map(Number);
      return owner === this.owner && until > 0 ? until : 0;
    } catch {
      return 0;
    }
  }

  /** A disk that is full must not end the probe: then the next one begins a little earlier. */
  write(until: number): void {
    try {
      writeFileSync(this.path, `${this.owner} ${until}\n`, { mode: 0o600 });
    } catch {}
  }
}
