import { expect } from 'chai';
import { escapeHtml } from '../../../src/adapters/mail/escape-html.ts';

describe('escapeHtml', () => {
  it('writes every character that means something in HTML as an entity', () => {
    expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).to.equal(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
    );
  });

  it('leaves every other text alone', () => {
    for (const text of ['', 'plain', 'דוא״ל', '{braces} $1 `ticks`', '🤕']) {
      expect(escapeHtml(text)).to.equal(text);
    }
  });
});
