import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { progress } from '../../../src/main/cli/progress.ts';

/** A stream that remembers what was written, as a terminal or not. */
function remembering(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  let written = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
  return { stream, written: () => written };
}

describe('The progress of a command', () => {
  it('is a line at first and one at the end, where there is no terminal', () => {
    const { stream, written } = remembering(false);
    const shown = progress('sealed', stream);
    for (const done of [0, 10, 20, 30]) shown.update(done, 30);
    shown.stop();
    expect(written()).to.equal('sealed 0/30\nsealed 30/30\n');
  });

  it('is one line where nothing happened after the first, and none where nothing was told', () => {
    const { stream, written } = remembering(false);
    const shown = progress('sealed', stream);
    shown.update(5, 5);
    shown.stop();
    progress('not begun', stream).stop();
    expect(written()).to.equal('sealed 5/5\n');
  });

  it('is a bar on a terminal that ends where it was, also where the total grew', () => {
    const { stream, written } = remembering(true);
    const shown = progress('sealed', stream);
    shown.update(0, 10);
    shown.update(12, 12);
    shown.stop();
    expect(written()).to.match(/sealed \[-+\] 0% \| 0\/10/);
    expect(written()).to.match(/sealed \[=+\] 100% \| 12\/12/);
  });

  it('changes nothing of a terminal that would stay changed after Ctrl-C', () => {
    const { stream, written } = remembering(true);
    const shown = progress('sealed', stream);
    shown.update(0, 10);
    expect(written(), 'hidden cursor').to.not.contain('[?25l');
    expect(written(), 'line wrapping').to.not.contain('[?7l');
    shown.stop();
  });
});
