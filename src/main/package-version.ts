import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({ name: z.literal('casegate'), version: z.string() });

/** The version of this package, from the nearest `package.json` above: the sources and the build lie at different depths. */
export function packageVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
    if (folder === dirname(folder)) throw new Error('package.json is missing');
  }
}
