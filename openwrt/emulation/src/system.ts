/** A kernel and the programs that a router has besides the probe. */
export interface System {
  /** The kernel that the emulator boots. */
  readonly image: string;
  /** More of the kernel's command line. */
  readonly options: string;
  /** Puts the programs below `root`. @returns files of modules in there, in the order in which they are to be loaded */
  layOut(root: string): string[];
}
