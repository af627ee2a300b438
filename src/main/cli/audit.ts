import { Command, InvalidArgumentError } from 'commander';
import type { AuditVerdict } from '../../application/audit/verify-audit-trail.ts';
import type { ChainFinding } from '../../domain/audit/chain-finding.ts';
import { type NotedHead, textOfNotedHead } from '../../domain/audit/noted-head.ts';
import { CommandRefused } from './exit-codes.ts';
import { withCasegate } from './with-casegate.ts';
import type { Env } from './env.ts';
import { OPERATOR } from './operator.ts';
import { print } from './print.ts';
import { withProgress } from './progress.ts';

interface VerifyOptions {
  readonly head?: NotedHead;
}

const HEAD = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i;

function notedHead(text: string): NotedHead {
  const [, number, mac] = HEAD.exec(text) ?? [];
  if (number === undefined || mac === undefined) {
    throw new InvalidArgumentError(
      'It takes a head as this command prints it: a number, a colon and 64 digits.',
    );
  }
  return { number: Number(number), mac: Buffer.from(mac, 'hex') };
}

const range = (one: string, first: number, last: number): string =>
  first === last ? `${one} ${String(first)}` : `${one}s ${String(first)} to ${String(last)}`;

/** What was found at an entry or its link, in words that begin with the row. */
function wordsOfEntry(finding: Extract<ChainFinding, { readonly entryId: string }>): string {
  switch (finding.kind) {
    case 'entry-changed':
      return `entry ${finding.entryId} was changed after it was sealed at position ${String(finding.position)}`;
    case 'entry-removed':
      return `entry ${finding.entryId}, sealed at position ${String(finding.position)}, was removed`;
    case 'entry-unproven':
      return `entry ${finding.entryId} cannot be proven: its link was changed too`;
    case 'entry-astray':
      return `entry ${finding.entryId} was slipped in behind the seals, or its link was removed`;
    case 'entry-doubled':
      return `entry ${finding.entryId} is there more than once: another one was inserted under its id`;
    case 'link-changed':
      return `link ${String(finding.position)}, of entry ${finding.entryId}, was changed or moved`;
  }
}

/** What was found, in words that begin with the row. */
function wordsOf(finding: ChainFinding): string {
  if ('entryId' in finding) return wordsOfEntry(finding);
  switch (finding.kind) {
    case 'links-removed':
      return `${range('link', finding.first, finding.last)} missing: removed or moved`;
    case 'link-astray':
      return `link ${String(finding.position)} is of no seal: it was added`;
    case 'seal-changed':
      return `seal ${String(finding.number)} was changed`;
    case 'seal-replaced':
      return `seal ${String(finding.number)} does not belong to what stands around it: it, or its links, are of another copy`;
    case 'seal-astray':
      return `seal ${String(finding.number)} is beyond the head`;
    case 'seals-removed':
      return `${range('seal', finding.first, finding.last)} missing: removed`;
    case 'head-changed':
      return 'head was changed: what it says of the last seal is not signed';
    case 'head-removed':
      return 'head was removed: nothing tells which seal is the last one';
    case 'chain-missing':
      return 'chain missing: nothing is sealed, and there are entries older than ten minutes. No service has sealed yet, or somebody took the chain away';
    case 'noted-head-missing':
      return `head ${String(finding.number)}, as it was noted, is not in the chain: this is an older copy of the database, or another one`;
  }
}

function printSummary({ entries, head, seals, unsealed }: AuditVerdict): void {
  print(`${String(entries)} entries, ${String(seals)} seals, ${String(unsealed)} entries not sealed yet`);
  if (head) print(`head ${textOfNotedHead(head)}`);
  else if (seals === 0) print('head none: nothing is sealed, so that nothing of the trail is proven');
  else print('head none: nothing proves which seal is the last one');
}

const verify = (env: Env, noted: NotedHead | null): Promise<void> =>
  withCasegate(env, async ({ audit }) => {
    const onFinding = (finding: ChainFinding): void => print(`WRONG ${wordsOf(finding)}`);
    const verdict = await withProgress('links and entries checked', (onProgress) =>
      audit.verifyAuditTrail.execute({ actor: OPERATOR, noted, onFinding, onProgress }),
    );
    printSummary(verdict);
    if (verdict.findings > 0) throw new CommandRefused(`${String(verdict.findings)} found wrong.`);
    print('intact');
  });

/** `audit verify`: whether the audit trail is what was sealed. */
export function auditCommand(env: Env): Command {
  const audit = new Command('audit').description('the audit trail');
  audit
    .command('verify')
    .description(
      'look for entries that were changed, removed, moved or slipped in, name each, and print the head to be noted elsewhere',
    )
    .option('--head <number:hex>', 'a head noted earlier, which the chain has to hold still', notedHead)
    .action(({ head }: VerifyOptions) => verify(env, head ?? null));
  return audit;
}
