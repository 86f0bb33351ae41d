import { join } from 'node:path';
import { FleetError, StoreInUse } from '../errors.ts';

const BUSY = 5;

/**
 * Holds a folder for this process; PGlite itself would let a second one in, and lose what that writes. The kernel lets go
 * of it when the process dies, however it does.
 * @returns what ends it.
 * @throws {FleetError} at once where another process holds it.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const { DatabaseSync } = await import('node:sqlite');
  const file = join(folder, 'lock.db');
  let lock: InstanceType<typeof DatabaseSync> | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    const { errcode, message } = error as { errcode?: number; message: string };
    throw errcode === BUSY
      ? new StoreInUse(
          `${folder} is in use by another agentsmd; wait for it to end, or set DATABASE_URL to a PostgreSQL database that several can share`,
        )
      : new FleetError(`${file} cannot be locked: ${message}`, 2, { cause: error });
  }
  // Referred to until then: a handle that is collected lets go of its lock.
  const held = lock;
  return () => {
    if (held.isOpen) held.close();
  };
}
