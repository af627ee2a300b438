import { sizeThreadPool } from './thread-pool.ts';

sizeThreadPool();
const { work } = await import('./work.ts');
await work(process.env);
