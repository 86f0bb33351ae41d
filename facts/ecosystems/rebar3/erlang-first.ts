import type { RepoView } from '../../ecosystem.ts';

/** More modules of Erlang than of Elixir. */
export function isErlangFirst(repo: RepoView, dir: string): boolean {
  let more = 0;
  for (const { path } of repo.paths.under(dir)) {
    if (path.endsWith('.erl')) more++;
    else if (path.endsWith('.ex') || path.endsWith('.exs')) more--;
  }
  return more > 0;
}
