import { open } from 'node:fs/promises';

const mostBytes = 8_192;
const mostLines = 12;

/** The last lines of a text file, of what was written after byte `from`; empty when there is nothing or no file. */
export async function tailOf(file: string, from = 0): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const start = Math.max(from, size - mostBytes);
      const { buffer, bytesRead } = await handle.read({
        buffer: Buffer.alloc(Math.max(1, size - start)),
        position: start,
      });
      const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
      return lines.slice(-mostLines).join('\n');
    } finally {
      await handle.close();
    }
  } catch {
    return '';
  }
}
