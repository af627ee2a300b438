import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CsvReport, openCsvReport } from '../../../../src/main/cli/csv-report.ts';
import { CommandRefused } from '../../../../src/main/cli/exit-codes.ts';
import { refusalReportPath } from '../../../../src/main/cli/refusal-report.ts';
import { failureOf } from '../../../contracts/stores/expectations.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const COLUMNS = ['line', 'code'];

describe('A report of a command', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder('casegate-report-');
    path = join(folder, 'people.refused.csv');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (): Promise<CsvReport> => openCsvReport(path, COLUMNS, ['email']);
  const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('is there as a whole once it is closed, for its owner’s eyes only', async () => {
    const report = await open();
    await report.add([2, 'odd', 'a,b']);
    expect(existsSync(path)).to.equal(false);
    expect(await report.close()).to.equal(1);
    expect(textOf('people.refused.csv')).to.equal('line,code,email\n2,odd,"a,b"\n');
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder)).to.deep.equal(['people.refused.csv']);
  });

  it('leaves an older one alone until it is closed, and keeps it then, in the place of one that is older still', async () => {
    writeFileSync(`${path}.1`, 'older still');
    const older = '\ufeff"Line",CODE ,email\r\n2,odd,mended@example.org\r\n';
    writeFileSync(path, older);
    const report = await open();
    await report.add([3, 'odd', 'x']);
    expect(textOf('people.refused.csv')).to.equal(older);
    await report.close();
    expect(textOf('people.refused.csv')).to.equal('line,code,email\n3,odd,x\n');
    expect(textOf('people.refused.csv.1')).to.equal(older);
  });

  it('is not left without lines where it is told so; an older one is kept all the same', async () => {
    writeFileSync(path, 'line,code,email\n2,odd,x\n');
    expect(await (await open()).close({ dropEmpty: true })).to.equal(0);
    expect(readdirSync(folder)).to.deep.equal(['people.refused.csv.1']);
    expect(await (await open()).close()).to.equal(0);
    expect(textOf('people.refused.csv')).to.equal('line,code,email\n');
  });

  it('replaces nothing where it is broken off, and says where its lines are', async () => {
    writeFileSync(path, 'line,code,email\n2,odd,x\n');
    const empty = await open();
    expect(await empty.breakOff()).to.equal(null);
    expect(readdirSync(folder)).to.deep.equal(['people.refused.csv']);
    const report = await open();
    await report.add([3, 'odd', 'y']);
    expect(readFileSync((await report.breakOff()) ?? '', 'utf8')).to.equal('line,code,email\n3,odd,y\n');
    expect(textOf('people.refused.csv')).to.equal('line,code,email\n2,odd,x\n');
  });

  it('does not replace what is no report', async () => {
    const others: readonly (readonly [string, () => void])[] = [
      ['a file of people', () => writeFileSync(path, 'email,line\na@example.org,1\n')],
      ['a file that is no CSV', () => writeFileSync(path, '"line,code')],
      ['a folder', () => mkdirSync(path)],
      ['a link', () => symlinkSync('/dev/null', path)],
    ];
    for (const [what, make] of others) {
      make();
      const refusal = await failureOf(open());
      expect(refusal, what).to.be.instanceOf(CommandRefused);
      expect((refusal as CommandRefused).message).to.equal(
        `${path} is there and is no report, so it is not replaced. Give another file to --report.`,
      );
      expect(readdirSync(folder), what).to.deep.equal(['people.refused.csv']);
      rmSync(path, { recursive: true });
    }
    writeFileSync(path, '');
    expect(await (await open()).close(), 'an empty file').to.equal(0);
  });

  it('writes all of many lines, more than a stream holds at once', async () => {
    const report = await open();
    const cell = 'x'.repeat(60_000);
    for (let line = 2; line < 102; line += 1) await report.add([line, 'odd', cell]);
    expect(await report.close()).to.equal(100);
    expect(statSync(path).size).to.be.above(100 * cell.length);
  });

  it('goes beside its file unless told, and into the place of neither the file nor what is kept', () => {
    expect(refusalReportPath('a/people.CSV', 'refused', undefined)).to.equal('a/people.refused.csv');
    expect(refusalReportPath('people', 'refused', 'x.csv')).to.equal('x.csv');
    for (const file of ['x.csv', './x.csv', 'x.csv.1']) {
      expect(() => refusalReportPath(file, 'refused', 'x.csv'), file).to.throw(
        CommandRefused,
        'The report would replace the file.',
      );
    }
  });
});
