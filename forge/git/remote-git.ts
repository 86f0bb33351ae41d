import { spawn } from 'node:child_process';
import { GitError } from './errors.ts';
import { PROTOCOLS, withoutSecrets } from './remote-address.ts';
import { collectText, spawnFailure } from './run.ts';

/** git was stopped because it took too long. */
export class GitTimeout extends Error {
  override readonly name = 'GitTimeout';
}

export interface RemoteGitOptions {
  /** Laid over what git inherits: for a token that must stand in no command line and no file. */
  readonly env?: Readonly<Record<string, string>>;
  /** Also http without encryption: for an instance that the configuration names with `http://`. */
  readonly plainHttp?: boolean;
}

/**
 * The one door through which git reaches the network: `spawnGit` leaves it no transport, on purpose. It runs only in a mirror of
 * our own, whose configuration we wrote, and only with addresses that the organisation's configuration or the user named,
 * never with one out of a repository that is read.
 *
 * Credential helpers, proxies, certificates and ssh settings are those of the user. Nobody is asked anything: git does not
 * prompt, and as the leader of a session of its own it has no terminal that ssh could ask on. Ends after `timeout` ms, with
 * every process it started.
 *
 * @throws GitError when git exits with anything but 0; the passwords of addresses are taken out of its text.
 * @throws GitTimeout
 * @throws RepositoryError (`git-missing`) when there is no git.
 */
export function runRemoteGit(
  dir: string,
  args: readonly string[],
  timeout: number,
  { env = {}, plainHttp = false }: RemoteGitOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', dir, ...OPTIONS, ...args], {
      env: { ...environment(process.env, plainHttp ? [...PROTOCOLS, 'http'] : PROTOCOLS), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      windowsHide: true,
    });
    const stop = (signal: NodeJS.Signals) => signalGroup(child.pid, signal);
    const stopNow = () => stop('SIGKILL');
    let failure: Error | undefined;
    // SIGTERM first: git takes its lock files away.
    const timers = [
      setTimeout(() => {
        failure ??= new GitTimeout(`no answer after ${timeout / 1000} s`);
        stop('SIGTERM');
      }, timeout),
      setTimeout(stopNow, timeout + GRACE),
    ];
    process.once('exit', stopNow);
    const stderr = collectText(child.stderr);
    child.on('error', (error) => {
      failure ??= spawnFailure(error);
    });
    child.on('close', (code) => {
      timers.forEach(clearTimeout);
      process.off('exit', stopNow);
      if (failure === undefined && code === 0) resolve();
      else reject(failure ?? new GitError(args[0] ?? '', code, withoutSecrets(stderr())));
    });
  });
}

/** So long git has to tidy up, in ms. */
const GRACE = 2000;

const OPTIONS: readonly string[] = [
  '--no-pager',
  // A mirror is small and made anew when it is damaged: no work in the background.
  ...['core.hooksPath=/dev/null', 'gc.auto=0', 'maintenance.auto=false'].flatMap((setting) => ['-c', setting]),
];

/** Settings of the user for reaching a server; every other variable of git could lead it to another repository. */
const KEPT = /^GIT_(?:CONFIG_|EXEC_PATH$|SSH$|SSH_COMMAND$|SSH_VARIANT$|ASKPASS$|SSL_|PROXY_|HTTP_|ALLOW_PROTOCOL$)/;

function environment(inherited: NodeJS.ProcessEnv, protocols: readonly string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name));
  const { GIT_ALLOW_PROTOCOL: allowed } = inherited;
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    SSH_ASKPASS_REQUIRE: 'never',
    // The variable beats any `protocol.*.allow` of a configuration. One that was set already can only narrow it.
    GIT_ALLOW_PROTOCOL: protocols
      .filter((name) => allowed === undefined || allowed.split(':').includes(name))
      .join(':'),
  };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It is gone already.
  }
}
