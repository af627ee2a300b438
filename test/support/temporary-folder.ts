import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux has files in memory. */
const IN_MEMORY = '/dev/shm';
/** Octets that a run never uses up there. */
const ROOM = 6 * 1024 ** 3;

let chosen: string | null = null;

/**
 * Makes a folder for a test, of which the name begins with `prefix`: in memory where there is room enough and programs may be run, since
 * disks are slow at making the thousand files of each database anew; else, and where `TMPDIR` is set, in the usual place.
 */
export function temporaryFolder(prefix: string): string {
  chosen ??= process.env['TMPDIR'] === undefined && isFitting(IN_MEMORY) ? IN_MEMORY : tmpdir();
  return mkdtempSync(join(chosen, prefix));
}

function isFitting(place: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(place);
    return Math.min(bavail * bsize, process.availableMemory()) > ROOM && runsPrograms(place);
  } catch {
    return false;
  }
}

/** Containers have it mounted so that nothing in it can be run, as a rule. */
function runsPrograms(place: string): boolean {
  const folder = mkdtempSync(join(place, 'casegate-probe-'));
  try {
    const program = join(folder, 'probe');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o700);
    execFileSync(program);
    return true;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
