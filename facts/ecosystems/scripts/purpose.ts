/** Words that say what a script is for. What ships, releases or serves users is not for those who work on the code. */
const FIRST = new Set([
  'test',
  'tests',
  'unittest',
  'unittests',
  'check',
  'checks',
  'verify',
  'validate',
  'lint',
  'linter',
  'fmt',
  'format',
  'reformat',
  'fix',
  'style',
  'build',
  'compile',
  'bootstrap',
  'setup',
  'install',
  'deps',
  'generate',
  'gen',
  'codegen',
  'regen',
  'regenerate',
  'typecheck',
  'types',
  'mypy',
  'ci',
  'run',
  'start',
  'serve',
  'server',
  'dev',
  'develop',
  'make',
  'update',
]);
const LAST = new Set([
  'test',
  'tests',
  'check',
  'checks',
  'lint',
  'fmt',
  'format',
  'build',
  'gen',
  'codegen',
  'typecheck',
]);
/** Files that tools and registries demand under such a name. */
const NO_TASK = /^(?:setup\.py|setup\.cfg|gulpfile\.js|gruntfile\.js|noxfile\.py|tasks\.py|makefile)$/i;

/** Whether a person can tell from a script's name what it does for the work on the repository. */
export function saysPurpose(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.indexOf('.', 1);
  const extension = dot < 0 ? '' : name.slice(dot);
  if (NO_TASK.test(name) || !/^(?:\.(?:sh|bash|py|rb|pl|js|mjs|ts))?$/.test(extension)) return false;
  const words = (dot < 0 ? name : name.slice(0, dot))
    .toLowerCase()
    .split(/[-_.]+/)
    .filter((word) => word !== '');
  const first = words[0] ?? '';
  const isScript = /^\.(?:py|rb|pl|js|mjs|ts)$/.test(extension);
  // A program in another language cannot be looked into: its whole name must say it.
  if (isScript) return path.includes('/') && !path.startsWith('bin/') && words.length === 1 && FIRST.has(first);
  if (path.startsWith('bin/')) return words.length <= 2 && FIRST.has(first);
  return words.length <= 4 && (FIRST.has(first) || LAST.has(words.at(-1) ?? ''));
}
