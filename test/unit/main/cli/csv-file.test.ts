import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CsvRow, openCsvFile } from '../../../../src/main/cli/csv-file.ts';
import { CommandRefused } from '../../../../src/main/cli/exit-codes.ts';
import { failureOf } from '../../../contracts/stores/expectations.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

type Column = 'email' | 'role' | 'note';
const COLUMNS = { required: ['email'], optional: ['role', 'note'] } as const;

describe('A CSV file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder('casegate-csv-');
    path = join(folder, 'people.csv');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (text: string | Uint8Array, told = '') => {
    writeFileSync(path, text);
    return openCsvFile<Column>(path, COLUMNS, told);
  };
  async function rowsOf(text: string): Promise<readonly CsvRow<Column>[]> {
    const rows: CsvRow<Column>[] = [];
    for await (const row of (await open(text)).rows()) rows.push(row);
    return rows;
  }
  const valuesOf = async (text: string) => (await rowsOf(text)).map(({ values }) => values);
  async function refusalOf(text: string | Uint8Array): Promise<string> {
    const refusal = await failureOf(open(text));
    expect(refusal).to.be.instanceOf(CommandRefused);
    return (refusal as CommandRefused).message;
  }

  const SAME = [
    { email: 'a@example.org', role: 'admin', note: null },
    { email: 'b@example.org', role: null, note: 'x' },
  ];
  for (const [what, text] of [
    ['lines that end in LF', 'email,role,note\na@example.org,admin,\nb@example.org,,x\n'],
    ['lines that end in CRLF', 'email,role,note\r\na@example.org,admin,\r\nb@example.org,,x\r\n'],
    ['a last line without an end', 'email,role,note\na@example.org,admin,\nb@example.org,,x'],
    ['a byte order mark', '\ufeffemail,role,note\na@example.org,admin,\nb@example.org,,x'],
    ['columns in another order and case', 'Note, ROLE ,email\n,admin,a@example.org\nx,,b@example.org\n'],
    ['quotes', '"email","role","note"\n"a@example.org","admin",""\n"b@example.org",,"x"\n'],
    ['blanks around cells', 'email,role,note\n a@example.org ,\tadmin, \nb@example.org,,x \n'],
    [
      'blank lines, and rows without any value',
      '\nemail,role,note\n\n\na@example.org,admin,\n,,\n  , ,\nb@example.org,,x\n\n',
    ],
  ] as const) {
    it(`is read with ${what}`, async () => {
      expect(await valuesOf(text)).to.deep.equal(SAME);
      expect(await open(text)).to.have.property('count', 2);
    });
  }

  it('takes columns that it lacks for empty', async () => {
    expect(await valuesOf('email\na@example.org\n')).to.deep.equal([
      { email: 'a@example.org', role: null, note: null },
    ]);
  });

  it('gives cells as they are written beside their values, commas, quotes and line ends within quotes included', async () => {
    const [row] = await rowsOf('email,note\n a@example.org,"x, ""y""\nz "\n');
    expect(row?.cells).to.deep.equal([' a@example.org', 'x, "y"\nz ']);
    expect(row?.values.note).to.equal('x, "y"\nz');
  });

  it('numbers rows by the line on which they end, each by another one', async () => {
    const rows = await rowsOf('email,note\na,1\n\nb,"2\n3"\nc,4\n');
    expect(rows.map(({ line, values }) => [line, values.email])).to.deep.equal([
      [2, 'a'],
      [5, 'b'],
      [6, 'c'],
    ]);
  });

  it('tells of a row with too few or too many cells, and goes on', async () => {
    const rows = await rowsOf('email,note\na\nb,1,2\nc,3\n');
    expect(rows.map(({ fault }) => fault?.code ?? null)).to.deep.equal([
      'import.column-count',
      'import.column-count',
      null,
    ]);
    expect(rows[1]?.fault?.reason).to.contain('3 cells').and.contain('names 2');
    expect(rows[1]?.cells).to.deep.equal(['b', '1', '2']);
  });

  it('tells of a row that cannot be stored', async () => {
    const rows = await rowsOf('email,note\na,x\0y\nb,z\n');
    expect(rows.map(({ fault }) => fault?.code ?? null)).to.deep.equal(['import.ill-formed', null]);
  });

  it('passes over what a report put in front of the rows', async () => {
    const [row] = await rowsOf(
      'line,code,reason,email,note\n7,identity.email-rejected,why,a@example.org,n\n',
    );
    expect(row?.values).to.deep.equal({ email: 'a@example.org', role: null, note: 'n' });
  });

  it('is known again by its octets and by what it was opened with', async () => {
    const digestOf = async (text: string, told: string) =>
      Buffer.from((await open(text, told)).digest).toString('hex');
    const digest = await digestOf('email\na\n', 'x');
    expect(digest).to.have.length(64);
    expect(await digestOf('email\na\n', 'x')).to.equal(digest);
    expect(await digestOf('email\nb\n', 'x')).not.to.equal(digest);
    expect(await digestOf('email\na\n', 'y')).not.to.equal(digest);
  });

  for (const [what, text, words] of [
    ['nothing in it', '', /empty/],
    ['blank lines only', '\n\r\n\n', /empty/],
    ['a column that is unknown', 'email,secret\n', /Unknown column "secret".*email, role, note/],
    ['a column that is there twice', 'email,role,ROLE\n', /"role" is there twice/],
    ['no column of addresses', 'role,note\n', /lacks: email/],
    ['other separators', 'email;role\n', /Unknown column "email;role"/],
    ['a quote that is never closed', 'email,note\na,"b\nc,d\n', /never closed/],
    ['a quote within a cell', 'email,note\na,b\nc,d"e\n', /^Line 3: a quote stands within a cell/],
    ['something behind a closing quote', 'email,note\na,"b"c\n', /^Line 2: something stands behind/],
    ['a row without end', `email,note\na,"${'x'.repeat(70_000)}"\n`, /longer than 65536 octets/],
    [
      'octets that are no UTF-8',
      Buffer.from('email\nj\xf6rg@example.org\n', 'latin1'),
      /not encoded in UTF-8/,
    ],
    [
      'a character cut off at its end',
      Buffer.from([...Buffer.from('email\na'), 0xd7]),
      /not encoded in UTF-8/,
    ],
    ['UTF-16', Buffer.from('\ufeffemail\na\n', 'utf16le'), /not encoded in UTF-8/],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      expect(await refusalOf(text)).to.match(words);
    });
  }

  it('is refused without a word of what it says', async () => {
    expect(await refusalOf('email,note\na,pri"vate\n')).not.to.contain('vate');
  });

  it('is refused where there is none, or a folder', async () => {
    const missing = await failureOf(openCsvFile(join(folder, 'none.csv'), COLUMNS, ''));
    expect(missing)
      .to.be.instanceOf(CommandRefused)
      .and.have.property('message')
      .that.matches(/no file/);
    mkdirSync(join(folder, 'folder.csv'));
    const aFolder = await failureOf(openCsvFile(join(folder, 'folder.csv'), COLUMNS, ''));
    expect(aFolder)
      .to.be.instanceOf(CommandRefused)
      .and.have.property('message')
      .that.matches(/no regular file/);
  });

  it('is read as fast as its rows are taken, however long it is', async () => {
    writeFileSync(path, 'email,note\n');
    const many = `${'a@example.org,'.padEnd(500, 'x')}\n`.repeat(1_000);
    for (let part = 0; part < 10; part += 1) appendFileSync(path, many);
    const file = await openCsvFile<Column>(path, COLUMNS, '');
    expect(file.count).to.equal(10_000);
    const before = process.memoryUsage().rss;
    let taken = 0;
    for await (const { line } of file.rows()) {
      taken += 1;
      expect(line).to.equal(taken + 1);
      if (taken === 1_000) break;
    }
    expect(process.memoryUsage().rss - before).to.be.lessThan(100 * 2 ** 20);
  });
});
