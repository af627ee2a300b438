import { expect } from 'chai';
import type { MailParts } from '../../../src/adapters/mail/mail-parts.ts';
import { renderHtml } from '../../../src/adapters/mail/render-html.ts';

const HOSTILE = `"'><script>alert(1)</script><b>&lt;`;

const PLACES = [
  'subject',
  'paragraph',
  'value',
  'button',
  'closing',
  'caseLine',
  'caseId',
  'linkLimits',
  'validFor',
  'copyLink',
  'footer',
  'url',
] as const;

/** A mail that has everything, each place of it named; what is given takes the place of the name. */
function partsWith(given: Partial<Record<(typeof PLACES)[number], string>>): MailParts {
  const at = (place: (typeof PLACES)[number]): string => given[place] ?? place;
  return {
    language: 'en',
    direction: 'ltr',
    mail: {
      subject: at('subject'),
      paragraphs: [`${at('paragraph')} {factor}`],
      button: at('button'),
      closing: at('closing'),
    },
    common: {
      caseLine: `${at('caseLine')} {caseId}`,
      linkLimits: `${at('linkLimits')} {validFor}`,
      copyLink: at('copyLink'),
      footer: at('footer'),
    },
    values: { factor: at('value'), validFor: at('validFor'), caseId: at('caseId') },
    link: { url: at('url'), lifetime: 3600 },
  };
}

/** What a page is made of: text, and values of attributes, left out. */
const markupOf = (html: string): readonly string[] =>
  [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));

describe('renderHtml', () => {
  const harmless = renderHtml(partsWith({}));

  for (const place of PLACES) {
    it(`never lets ${place} become markup`, () => {
      const html = renderHtml(partsWith({ [place]: HOSTILE }));
      expect(markupOf(html)).to.deep.equal(markupOf(harmless));
      expect(html).to.contain('&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;&amp;lt;');
    });
  }
});
