/** Verifies one password again and again, as many at once as there are threads; prints verifications a second. */
import { hash, verify } from '@node-rs/argon2';

const SECONDS = Number(process.argv[2] ?? 5);
const THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 2);

const hashed = await hash('correct horse battery', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const end = performance.now() + SECONDS * 1000;
let done = 0;

async function worker(): Promise<void> {
  while (performance.now() < end) {
    await verify(hashed, 'correct horse battery');
    done += 1;
  }
}

await Promise.all(Array.from({ length: THREADS + 1 }, worker));
process.stdout.write(`${String(done / SECONDS)}\n`);
