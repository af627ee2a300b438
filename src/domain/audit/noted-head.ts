import { hexOf } from '../shared/octets.ts';
import type { AuditSeal } from './audit-chain.ts';

/** A last seal as it is noted where the database is not: its number and its mac, to be found again in the chain. */
export type NotedHead = Readonly<Pick<AuditSeal, 'number' | 'mac'>>;

/** The head of a chain that ends at the seal; `null` before the first one. */
export const notedHeadOf = (seal: AuditSeal | null): NotedHead | null =>
  seal && { number: seal.number, mac: seal.mac };

/** `number:hex`, as people note it. */
export const textOfNotedHead = ({ mac, number }: NotedHead): string => `${String(number)}:${hexOf(mac)}`;
