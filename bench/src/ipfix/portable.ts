/** The cases without code generation, a result a line: to be run where Node is told to forbid it. */
import { runCase } from '@weir/lab';
import { portableCases } from './cases.js';

for (const each of portableCases()) {
  for (const result of runCase('ipfix', each)) console.log(JSON.stringify(result));
}
