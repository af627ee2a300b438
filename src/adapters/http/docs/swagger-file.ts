import { fileURLToPath } from 'node:url';

/** The path of a file of Swagger UI, as its package was installed: the page needs no other host. */
export const swaggerFile = (name: 'swagger-ui-bundle.js' | 'swagger-ui.css'): string =>
  fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`));
