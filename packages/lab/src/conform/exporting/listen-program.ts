// Listens in the namespace that it is started in and prints what comes, one JSON object a line. Usage: node listen-program.js ADDRESS...
import { parseAddress } from '../address.js';
import { type Arrival, Listener } from './listener.js';

const addresses = process.argv.slice(2).map(parseAddress);
await Listener.start(addresses, arrival => {
  process.stdout.write(`${JSON.stringify({ ...arrival, octets: arrival.octets.toString('base64') })}\n`);
});
process.stdout.write('listening\n');

/** What the program printed, as arrivals. */
export type PrintedArrival = Omit<Arrival, 'octets'> & { readonly octets: string };
