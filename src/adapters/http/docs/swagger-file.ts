import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * A file of Swagger UI, as its package was installed: the page needs no other host. It is read when it is first asked for, and then
 * kept.
 */
export function swaggerFile(name: 'swagger-ui-bundle.js' | 'swagger-ui.css'): () => Promise<Uint8Array> {
  const path = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`));
  let kept: Uint8Array | null = null;
  return async () => (kept ??= await readFile(path));
}
