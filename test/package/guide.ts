import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packed } from './packed.ts';
import { type Outcome, run } from './run.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');

/** A document that is followed to the letter, in a folder. */
export interface Guide {
  /** The document itself. */
  readonly text: string;
  /** The files that it shows, by name. */
  readonly files: ReadonlyMap<string, string>;
  /**
   * Runs the block of commands that begins so, as it is shown; only the name of the package stands for the tarball.
   *
   * @throws {AssertionError} where the document shows no such block
   */
  readonly follow: (beginning: string) => Promise<Outcome>;
}

/** Reads a document and writes the files that it shows into the folder. */
export async function openGuide(
  name: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Guide> {
  const text = await readFile(join(docs, name), 'utf8');
  const files = shownFiles(text);
  for (const [file, code] of files) await writeFile(join(folder, file), code);
  const commands = blocksOf(text, 'sh');
  return {
    text,
    files,
    follow: async (beginning) => {
      const lines = commands.find((block) => block.startsWith(beginning));
      if (lines === undefined) {
        return expect.fail(`${name} shows no commands that begin with "${beginning}".`);
      }
      const { tarball } = await packed();
      return run(lines.replace(/^npm install casegate\b/m, `npm install ${tarball}`), folder, environment);
    },
  };
}

const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(([, , code]) => code!);

/** Blocks whose first line is a comment with a file's name. */
const shownFiles = (text: string): ReadonlyMap<string, string> =>
  new Map(
    blocksOf(text, 'js').flatMap((code) => {
      const name = /^\/\/ (\S+\.mjs)\n/.exec(code)?.[1];
      return name === undefined ? [] : [[name, code] as const];
    }),
  );
