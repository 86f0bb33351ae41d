import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Runs the program with V8's compile cache on, which saves tens of milliseconds of every start after the first. */
export async function start(): Promise<void> {
  // Where the folder cannot be written this only saves nothing. Not Node's default place below /tmp: on a shared machine
  // whoever makes that folder first decides what code is in it.
  const cache = cacheHome();
  if (cache) enableCompileCache(join(cache, 'agentsmd', 'compile'));
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
}

function cacheHome(): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  try {
    return process.platform === 'win32' ? LOCALAPPDATA : join(homedir(), '.cache');
  } catch {
    return undefined; // a user without a home, as containers have them
  }
}
