import type { RepoReader } from '../forge/reader.ts';

/** A repository of a fleet, opened when its turn comes. */
export interface FleetRepository {
  /** For people, unique within the fleet. */
  readonly name: string;
  open(): Promise<RepoReader>;
}

/** A repository that could not be looked at. It says nothing of any rule. */
export interface SkippedRepository {
  readonly name: string;
  readonly reason: string;
}

/** Says which repository is being looked at, from 1. */
export type FleetProgress = (name: string, at: number, of: number) => void;

/**
 * Visits repositories one after the other, each closed before the next is opened. What goes wrong with one of them is told and
 * stops nothing.
 */
export async function visitFleet(
  fleet: readonly FleetRepository[],
  visit: (reader: RepoReader, name: string) => Promise<void>,
  progress?: FleetProgress,
): Promise<readonly SkippedRepository[]> {
  const skipped: SkippedRepository[] = [];
  for (const [at, { name, open }] of fleet.entries()) {
    progress?.(name, at + 1, fleet.length);
    try {
      const reader = await open();
      try {
        await visit(reader, name);
      } finally {
        await reader.close();
      }
    } catch (error) {
      skipped.push({ name, reason: (error as Error).message.split('\n', 1)[0]! });
    }
  }
  return skipped;
}
