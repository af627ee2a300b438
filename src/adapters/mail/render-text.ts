import { fillIn } from './fill-in.ts';
import type { MailParts } from './mail-parts.ts';

/** The mail as plain text; the link has a line to itself. */
export function renderText({ mail, common, values, link }: MailParts): string {
  const fill = (text: string): string => fillIn(text, values, (value) => value);
  const paragraphs = [
    ...mail.paragraphs.map(fill),
    ...('caseId' in values ? [fill(common.caseLine)] : []),
    ...(link === null ? [] : [`${mail.button ?? ''}:\n${link.url}`]),
    ...(typeof link?.lifetime === 'number' ? [fill(common.linkLimits)] : []),
    ...(mail.closing === undefined ? [] : [mail.closing]),
    common.footer,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}
