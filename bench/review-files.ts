/** The files beside the sources; what AGENTS.md says is true of every change of {@link sources}. */
export function manifest(): Record<string, string> {
  const json = { name: 'bench', packageManager: 'pnpm@9.0.0', scripts: { test: 'vitest run', build: 'tsc' } };
  return {
    'package.json': `${JSON.stringify(json, null, 2)}\n`,
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    'AGENTS.md': '# bench\n\n- Test: `pnpm test`\n- Build: `pnpm build`\n',
  };
}

/** Files of 100 lines; another word alters each at two places. */
export function sources(from: number, to: number, word: string): Record<string, string> {
  const body = Array.from(
    { length: 96 },
    (_, line) => `export function step${line}(value: number): number { return value + ${line}; }`,
  );
  return Object.fromEntries(
    Array.from({ length: to - from }, (_, at) => [
      `src/part${at % 50}/module${from + at}.ts`,
      [`export const first = '${word}';`, ...body, `export const last = '${word}';`, ''].join('\n'),
    ]),
  );
}
