/** What text of ours may point at. */
export interface RenderPolicy {
  /** The instance the text is for, as in `Project.instance`: links to its files are allowed. */
  readonly instance: string;
  /** Hosts (`codex.example.com`, `wiki.example.com:8443`) that links may lead to besides. */
  readonly hosts: readonly string[];
}

/** The address of an allowed link, in the form that Markdown takes; `undefined` where the policy has none of it. */
export function allowedUrl(url: string, policy: RenderPolicy): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) return undefined;
  const own = URL.parse(policy.instance)?.host;
  if (parsed.host !== own && !policy.hosts.some((host) => host.toLowerCase() === parsed.host)) return undefined;
  if (parsed.host === own && isReference(parsed.pathname)) return undefined;
  const escaped = parsed.href.replace(/[^\w:/?#=&%.,+@~-]/g, percent);
  return /%\{|%(?:25)?%?7b/i.test(escaped) ? undefined : escaped;
}

/**
 * A link to an issue, merge request, commit … of the instance is a reference: GitLab writes "mentioned in" there. For the
 * intended ones there is `reference`.
 */
function isReference(path: string): boolean {
  const [, afterDash] = /\/-\/([^/]*)/.exec(path) ?? [];
  if (afterDash !== undefined) return !PAGES.test(afterDash);
  return /\/(?:issues|merge_requests|epics|work_items|commits?|compare|milestones|snippets|incidents)(?:\/|$)/.test(
    path,
  );
}

/** Pages of a project that stand for nothing but themselves. */
const PAGES = /^(?:blob|tree|raw|blame|pipelines|jobs|settings|releases|tags|branches|graphs|packages|wikis)$/;

const percent = (character: string): string =>
  encodeURIComponent(character).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
