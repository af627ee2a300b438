import { escapeHtml } from './escape-html.ts';
import { fillIn } from './fill-in.ts';
import type { MailParts } from './mail-parts.ts';

const STYLES = {
  body: 'margin:0;padding:0;background-color:#ffffff;color:#1f2933',
  main: 'max-width:36em;margin:0 auto;padding:24px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5',
  heading: 'margin:0 0 16px;font-size:22px;line-height:1.3',
  paragraph: 'margin:0 0 16px',
  button:
    'display:inline-block;padding:12px 20px;border-radius:4px;background-color:#1a4f8b;color:#ffffff;font-weight:bold;text-decoration:none',
  url: 'color:#1a4f8b;word-break:break-all',
  footer: 'margin:24px 0 0;padding-top:12px;border-top:1px solid #cbd2d9;font-size:14px;color:#52606d',
};

const paragraph = (html: string): string => `<p style="${STYLES.paragraph}">${html}</p>`;

/** The link as a button, and spelled out. Its address is isolated, so that text which runs from right to left does not turn it round (UAX 9). */
function linkHtml(url: string, { mail, common }: MailParts): readonly string[] {
  const href = escapeHtml(url);
  return [
    paragraph(`<a href="${href}" style="${STYLES.button}">${escapeHtml(mail.button ?? '')}</a>`),
    paragraph(
      `${escapeHtml(common.copyLink)}<br>\n<a href="${href}" style="${STYLES.url}"><bdi dir="ltr">${href}</bdi></a>`,
    ),
  ];
}

/**
 * The mail as an HTML page that needs nothing from elsewhere: no images, no fonts, no style sheet. Language and direction are on
 * the body as well, since some readers of mail drop the page around it.
 */
export function renderHtml(parts: MailParts): string {
  const { language, direction, mail, common, values, link } = parts;
  const fill = (text: string): string =>
    fillIn(escapeHtml(text), values, (value) => `<bdi>${escapeHtml(value)}</bdi>`);
  const paragraphs = [
    ...mail.paragraphs.map((text) => paragraph(fill(text))),
    ...('caseId' in values ? [paragraph(fill(common.caseLine))] : []),
    ...(link === null ? [] : linkHtml(link.url, parts)),
    ...(typeof link?.lifetime === 'number' ? [paragraph(fill(common.linkLimits))] : []),
    ...(mail.closing === undefined ? [] : [paragraph(escapeHtml(mail.closing))]),
  ];
  const subject = escapeHtml(mail.subject);
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${subject}</title>
</head>
<body lang="${language}" dir="${direction}" style="${STYLES.body}">
<div role="main" style="${STYLES.main}">
<h1 style="${STYLES.heading}">${subject}</h1>
${paragraphs.join('\n')}
<p style="${STYLES.footer}">${escapeHtml(common.footer)}</p>
</div>
</body>
</html>
`;
}
