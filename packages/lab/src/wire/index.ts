export * from './build.js';
export * from './elements.js';
export * from './file.js';
export * from './read.js';
export * from './read-types.js';
export * from './template.js';
export * from './value.js';
