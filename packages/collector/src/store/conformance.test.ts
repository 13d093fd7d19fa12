import { describe } from 'vitest';
import { storeConformance } from './testing/conformance.js';
import { doors } from './testing/doors.js';

for (const door of doors) describe(`a store, ${door.name}`, () => storeConformance(door));
