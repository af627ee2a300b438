import { expect } from 'chai';
import { blocksOf, outputPattern, stepsOf } from '../../support/run-book.ts';

const PAGE = `# A book

\`\`\`sh exit=1
npx casegate inspect
\`\`\`

It prints

\`\`\`text
3 rows
\`\`\`

\`\`\`json vendors.json
[]
\`\`\`
`;

describe('A run book', () => {
  it('is read block by block, each command with what it prints', () => {
    expect(stepsOf(blocksOf(PAGE))).to.deep.equal([
      { language: 'sh', note: 'exit=1', text: 'npx casegate inspect\n', prints: '3 rows\n' },
      { language: 'json', note: 'vendors.json', text: '[]\n', prints: null },
    ]);
  });

  it('shows numbers, names of the run and gaps as examples, and all else as it is', () => {
    const pattern = outputPattern('run RUN: 12 rows of 90\n…\nat … UTC\n', ['RUN']);
    expect(pattern.exec('run a-1: 4 rows of   7\nx\ny\nat noon UTC\n')?.groups).to.include({ RUN: 'a-1' });
    expect('run a-1: 4 rows of 7\nat noon UTC\n').to.match(pattern);
    expect('run a-1: 4 lines of 7\nat noon UTC\n').to.not.match(pattern);
    expect('run a-1: 4 rows of 7\nat noon UTC\nWARNING\n').to.not.match(pattern);
  });
});
