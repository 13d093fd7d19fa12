import type { MeshBuilder } from './builder.js';

/** What a file holds, before anybody knows of what format it is. */
export interface Document {
  readonly text: string;
  /** The JSON values in it, one or a line each; empty where it is no JSON. */
  readonly values: readonly unknown[];
}

/** A form in which programs tell of a mesh. Formats know each other only by what they do not take. */
export interface Format {
  /** As people call it. */
  readonly name: string;
  is(document: Document): boolean;
  /** Whatever is in the document, it does not throw: what cannot be taken is counted in `leftOut` of the mesh. */
  read(document: Document, mesh: MeshBuilder): void;
}
