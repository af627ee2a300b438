/** Holds the embedded server of a data folder: says its address, and leaves it when told to on standard input. */
import { once } from 'node:events';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' });
process.stdout.write(`${server.url}\n`);
await once(process.stdin, 'data');
await server.stop();
process.exit(0);
