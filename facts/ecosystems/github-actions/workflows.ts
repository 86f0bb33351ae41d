import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { isSwitchedOff, mayRun, type Occasion, occasionsOf } from './occasions.ts';

/** A workflow, when it runs, and what the workflows that call it hand to it. */
export interface Workflow {
  readonly file: SourceFile;
  readonly tree: Tree;
  readonly jobs: ReadonlyMap<string, Tree>;
  /** Its own and those of its callers: a called workflow sees its caller's event. */
  readonly occasions: readonly Occasion[];
  readonly callers: readonly Caller[];
}

export interface Caller {
  readonly with: Tree | undefined;
  readonly path: string;
}

/** Every workflow, reusable ones joined with the workflows of this repository that call them. */
export function linkedWorkflows(repo: RepoView): readonly Workflow[] {
  const workflows = new Map<string, Linked>();
  for (const file of repo.files) {
    const tree = file.yaml();
    if (tree === undefined || !/^\.github\/workflows\/[^/]+$/.test(file.path)) continue;
    // The last of duplicate keys wins.
    const written = new Map(tree.get('jobs')?.entries() ?? []);
    const jobs = new Map([...written].filter(([, job]) => !isSwitchedOff(job.get('if')?.text)));
    workflows.set(file.path, { file, tree, jobs, occasions: [...occasionsOf(tree)], callers: [] });
  }
  const changed = new Set(workflows.values());
  for (const workflow of workflows.values()) addCaller(repo, workflow, workflows);
  // A set that is added to while it is walked: ends when no workflow learns of another occasion, so circles do too.
  for (const workflow of changed) {
    changed.delete(workflow);
    for (const [called, job] of callsOf(workflow, workflows)) {
      const condition = job.get('if')?.text;
      const fresh = workflow.occasions.filter((each) => mayRun(condition, each) && !knows(called, each));
      called.occasions.push(...fresh);
      if (fresh.length > 0) changed.add(called);
    }
  }
  return [...workflows.values()];
}

interface Linked extends Workflow {
  readonly occasions: Occasion[];
  readonly callers: Caller[];
}

function addCaller(repo: RepoView, workflow: Linked, workflows: ReadonlyMap<string, Linked>): void {
  for (const job of workflow.jobs.values()) {
    const path = calledPath(job);
    if (path === undefined) continue;
    const called = workflows.get(path);
    if (called) called.callers.push({ with: job.get('with'), path: workflow.file.path });
    else if (!repo.paths.isFile(path))
      repo.problem(workflow.file.path, `calls the workflow ${path}, which is not there`, job.get('uses')?.line);
  }
}

function callsOf(workflow: Linked, workflows: ReadonlyMap<string, Linked>): readonly (readonly [Linked, Tree])[] {
  return [...workflow.jobs.values()].flatMap((job) => {
    const called = workflows.get(calledPath(job) ?? '');
    return called ? [[called, job] as const] : [];
  });
}

/** The path of a workflow of this repository that a job is. */
function calledPath(job: Tree): string | undefined {
  const uses = job.get('uses')?.text;
  return uses?.startsWith('./') ? joinPath('', uses.split('@')[0]!) : undefined;
}

function knows({ occasions }: Linked, { event, ref, trigger }: Occasion): boolean {
  return occasions.some((known) => known.event === event && known.ref === ref && known.trigger === trigger);
}
