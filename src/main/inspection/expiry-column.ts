import type { LegacyFacts } from '../../adapters/postgres/legacy-survey/legacy-facts.ts';

/** Whether `nest_sessions.expire` names its time zone, so that none has to be told. */
export function expiryNamesZone({ tables }: Pick<LegacyFacts, 'tables'>): boolean {
  const sessions = tables.find(({ name }) => name === 'nest_sessions');
  const expire = sessions?.columns.find(({ name }) => name === 'expire');
  return expire?.type.endsWith('with time zone') ?? false;
}
