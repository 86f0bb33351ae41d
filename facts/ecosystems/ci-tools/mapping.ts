/**
 * What a CI system's ready-made step (an action, an orb's command, a task, a component) runs: what a person types for
 * the same, without a script line that says so. It has to share a word with the line that uses it. Left out are those
 * that only set a tool up, that check something other than the code, or whose command depends on the files of a change.
 */
export interface ToolMapping {
  /** The commands; `undefined` where these inputs make it do something else. */
  readonly command: (inputs: ToolInputs) => string | undefined;
  /** The input that names the folder; the system's usual one unless told. */
  readonly dirInput?: string;
}

/** What a ready-made step is given. */
export interface ToolInputs {
  /** A literal input: empty where it is not given, or not known before a run. */
  readonly with: (input: string) => string;
  /** A file of the repository, relative to the step's folder. */
  readonly has: (file: string) => boolean;
}

export function fixed(command: string): ToolMapping {
  return { command: () => command };
}

/** A command and what one input adds to it. */
export function withArgs(command: string, input = 'args', dirInput?: string): ToolMapping {
  return { command: (inputs) => joined(command, inputs.with(input)), ...(dirInput === undefined ? {} : { dirInput }) };
}

/** A tool that does nothing known without its arguments. */
export function onlyWith(tool: string, args: string): string | undefined {
  return args === '' ? undefined : `${tool} ${args}`;
}

export function joined(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ');
}

/** What installs the packages of a JavaScript project as its lock file has them. */
export function frozenInstall(manager: string): string | undefined {
  return FROZEN.get(manager);
}

const FROZEN: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    npm: 'npm ci',
    yarn: 'yarn install --frozen-lockfile',
    'yarn-berry': 'yarn install --immutable',
    pnpm: 'pnpm install --frozen-lockfile',
    bun: 'bun install --frozen-lockfile',
  }),
);

/** The package manager that a folder's lock file tells. */
export function lockedManager({ has }: ToolInputs): string {
  if (has('pnpm-lock.yaml')) return 'pnpm';
  if (has('yarn.lock')) return 'yarn';
  return has('bun.lock') || has('bun.lockb') ? 'bun' : 'npm';
}

/** A Gradle or Maven call, through the wrapper where there is one. */
export function wrapped(tool: 'gradle' | 'mvn', inputs: ToolInputs, args: string): string | undefined {
  const wrapper = tool === 'gradle' ? 'gradlew' : 'mvnw';
  return onlyWith(inputs.has(wrapper) ? `./${wrapper}` : tool, args);
}
