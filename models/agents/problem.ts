/** Something in a file that keeps all of them from being taken. */
export interface AgentProblem {
  /** From the top of the folder. */
  readonly file: string;
  /** From 1; `null`: it is about the file, or there is none. */
  readonly line: number | null;
  readonly message: string;
}

/** By file, then line. */
export function inOrder(problems: readonly AgentProblem[]): readonly AgentProblem[] {
  return problems.toSorted((a, b) => (a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1));
}

/** `folder/agents/security.md:3: tier: is missing`. */
export function problemText({ file, line, message }: AgentProblem, folder: string): string {
  return `${folder === '' ? '' : `${folder}/`}${file}${line === null ? '' : `:${line}`}: ${message}`;
}
