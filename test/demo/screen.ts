import { spawn } from 'node:child_process';
import { MAIN, type Ran, type RunOptions } from '../cli/run-cli.ts';

export function title(text: string): void {
  say(`\n== ${text}`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Markdown about as GitLab shows it: without comments and the addresses behind links; set apart. */
export function show(markdown: string): void {
  const seen = markdown.replaceAll(/<!--.*?-->\n?/gs, '').replaceAll(/\[([^\]\n]*)\]\(http[^)\s]*\)/g, '$1');
  say(seen.trim().replaceAll(/^/gm, '  | ').replaceAll(/ +$/gm, ''));
}

/** Runs the program as a person would, with nothing of theirs: what it prints is on this screen, and nowhere else. */
export function onScreen(home: string) {
  return (args: readonly string[], { cwd = home, env = {}, node = [] }: RunOptions = {}): Promise<Ran> =>
    new Promise((resolve, reject) => {
      say(`$ agentsmd ${args.join(' ')}`);
      const { PATH = '', NO_COLOR } = process.env;
      const child = spawn(process.execPath, [...node, MAIN, ...args], {
        cwd,
        env: { PATH, HOME: home, ...(NO_COLOR === undefined ? {} : { NO_COLOR }), ...env },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout: '', stderr: '' }));
    });
}
