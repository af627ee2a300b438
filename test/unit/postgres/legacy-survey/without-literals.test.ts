import { expect } from 'chai';
import { withoutLiterals } from '../../../../src/adapters/postgres/legacy-survey/without-literals.ts';

describe('withoutLiterals', () => {
  for (const [expression, told] of [
    [`'call dana 050-1234567'::character varying`, `'…'::character varying`],
    [`('it''s dana'::text || 'x'::text)`, `('…'::text || '…'::text)`],
    [`'dana'`, `'…'`],
    [`''::text`, `'…'::text`],
    ['501234567', '…'],
    ['CHECK ((phone <> 501234567))', 'CHECK ((phone <> …))'],
    ['CHECK ((length(question) <= 20000))', 'CHECK ((length(question) <= 20000))'],
    [`nextval('rn_requests_id_seq'::regclass)`, `nextval('rn_requests_id_seq'::regclass)`],
    ['now()', 'now()'],
    ['0', '0'],
  ] as const) {
    it(`tells of ${expression}: ${told}`, () => {
      expect(withoutLiterals(expression)).to.equal(told);
    });
  }
});
