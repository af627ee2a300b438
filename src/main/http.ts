import { sizeThreadPool } from './thread-pool.ts';

sizeThreadPool();
const { serve } = await import('./serve.ts');
await serve(process.env);
