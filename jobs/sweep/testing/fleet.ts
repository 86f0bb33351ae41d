import { ForgeError, type ForgeReason } from '../../../forge/errors.ts';
import type { Forge, Project } from '../../../forge/port.ts';
import { memoryForge } from '../../../generator/publish/testing/memory-forge.ts';
import type { World as Repository } from '../../../generator/publish/testing/memory-world.ts';

const FILES = {
  'package.json': JSON.stringify({
    name: 'cart',
    scripts: { test: 'node test.js', lint: 'eslint .', build: 'tsc -b' },
  }),
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
};

type Verb = 'projects' | 'heads' | 'labelledMergeRequests';

/** A GitLab of many projects, held in memory. */
export class Fleet {
  readonly instance: string;
  readonly #members = new Map<string, { readonly forge: Forge; readonly repository: Repository }>();
  /** What was asked of all, with how much was told. */
  readonly calls: { readonly verb: Verb; told: number }[] = [];
  /** Breaks off after so many. */
  fails: { readonly verb: Verb; readonly after: number; readonly reason: ForgeReason } | undefined;
  /** Runs once so many were told of. */
  between: { readonly verb: Verb; readonly after: number; run(): void } | undefined;
  /** Groups that are known; absent: all. */
  groups: readonly string[] | undefined;
  #next = 1;

  constructor(instance = 'https://gitlab.example.com') {
    this.instance = instance;
  }

  /** With an id that is higher than those before. */
  add(path: string, change: Partial<Project> = {}, files: Readonly<Record<string, string>> = FILES): Repository {
    const id = String(this.#next++);
    const { instance } = this;
    const { forge, world } = memoryForge(files, { instance, url: `${instance}/${path}`, ...change, id, path });
    this.#members.set(id, { forge, repository: world });
    return world;
  }

  addMany(count: number, group = 'shop'): readonly Repository[] {
    return Array.from({ length: count }, (_, at) => this.add(`${group}/p${at}`));
  }

  at(path: string): Repository {
    return [...this.#members.values()].find(({ repository }) => repository.project.path === path)!.repository;
  }

  change(path: string, change: Partial<Project>): void {
    const repository = this.at(path);
    repository.project = { ...repository.project, ...change };
  }

  remove(path: string): void {
    this.#members.delete(this.at(path).project.id);
  }

  /** How often it was asked for something. */
  asked(verb: Verb): number {
    return this.calls.filter((call) => call.verb === verb).length;
  }

  forge(): Forge {
    const any = memoryForge({}).forge;
    const of = ({ id, path }: { readonly id: string; readonly path?: string }): Forge => {
      const member = this.#members.get(id);
      if (!member) throw new ForgeError('not-found', `${path ?? id}: no such project`);
      return member.forge;
    };
    return {
      ...any,
      instance: this.instance,
      projects: (scope = {}) =>
        this.#told(
          'projects',
          () => {
            const [group] = scope.groups ?? [];
            if (group !== undefined && this.groups && !this.groups.includes(group))
              throw new ForgeError('not-found', `${this.instance}: ${group}: 404`);
            return [...this.#members.values()]
              .map(({ repository }) => repository.project)
              .filter(({ path }) => !scope.groups || scope.groups.some((each) => path.startsWith(`${each}/`)))
              .filter(
                ({ lastActivityAt }) =>
                  !scope.activeAfter || (lastActivityAt !== null && lastActivityAt > scope.activeAfter),
              );
          },
          scope.signal,
        ),
      project: async (id) => of({ id }).project(id),
      standing: async (project, question) => of(project).standing(project, question),
      heads: (projects, signal) => {
        const wanted = [...projects];
        return this.#told(
          'heads',
          () =>
            wanted.map(({ id }) => {
              const member = this.#members.get(id)?.repository;
              const branch = member?.project.defaultBranch;
              return { id, head: member && (branch ? (member.branches.get(branch) ?? null) : null) };
            }),
          signal,
        );
      },
      labelledMergeRequests: (_label, updatedAfter) =>
        this.#told('labelledMergeRequests', () =>
          [...this.#members.values()].flatMap(({ repository }) =>
            repository.mergeRequests
              .filter(({ updatedAt }) => !updatedAfter || (updatedAt !== null && updatedAt >= updatedAfter))
              .map((mergeRequest) => ({ projectId: repository.project.id, mergeRequest })),
          ),
        ),
      open: async (project, commit, options) => of(project).open(project, commit, options),
      commits: async (project, branch, base) => of(project).commits(project, branch, base),
      notes: async (project, iid, options) => of(project).notes(project, iid, options),
      publisher: (project) => of(project).publisher(project),
      recentAuthors: async (project) => of(project).recentAuthors(project),
      projectMembers: async (project) => of(project).projectMembers(project),
    };
  }

  async *#told<T>(verb: Verb, all: () => readonly T[], signal?: AbortSignal): AsyncIterable<T> {
    const call = { verb, told: 0 };
    this.calls.push(call);
    for (let at = 0; ; at++) {
      signal?.throwIfAborted();
      if (this.between?.verb === verb && this.between.after === at) this.between.run();
      if (this.fails?.verb === verb && this.fails.after === at)
        throw new ForgeError(this.fails.reason, `${this.instance}: ${verb} broke off`);
      const each = all()[at];
      if (each === undefined) return;
      call.told += 1;
      yield each;
    }
  }
}
