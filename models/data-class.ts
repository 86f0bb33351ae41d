import type { DataSettings, ProviderSettings } from './config.ts';
import type { Subject } from './port.ts';

/** Which class of data a project is: the first rule that fits says so. */
export function dataClassOf({ project, tags }: Pick<Subject, 'project' | 'tags'>, settings: DataSettings): string {
  // GitLab takes paths without regard to case; so must a rule that keeps a group in the house.
  const path = plain(project);
  const carries = new Set(tags.map((tag) => tag.toLowerCase()));
  const rule = settings.rules.find(
    ({ groups, tags: any }) =>
      groups.some((group) => path === plain(group) || path.startsWith(`${plain(group)}/`)) ||
      any.some((tag) => carries.has(tag.toLowerCase())),
  );
  return rule?.class ?? settings.otherwise;
}

/** Only what a provider lists it may see. */
export function maySee(provider: Pick<ProviderSettings, 'classes'>, dataClass: string): boolean {
  return provider.classes.includes(dataClass);
}

function plain(path: string): string {
  return path.toLowerCase().replace(/^\/+|\/+$/g, '');
}
