import { FleetError } from '../errors.ts';

/** A CI component as `include: component` names it: `gitlab.example.com/platform/agentsmd/review@1`. */
export interface Component {
  readonly ref: string;
  /** A host, or a variable that holds one. */
  readonly host: string;
  /** Group, project and component. */
  readonly path: string;
  readonly version: string;
}

/** @throws {FleetError} for what is no component. @param from the setting or option that says so. */
export function parseComponent(ref: string, from: string): Component {
  const found = partsOfRef(ref);
  if (found && COMPONENT.test(ref)) return found;
  throw new FleetError(
    `${from}: ${JSON.stringify(ref)} names no component; it takes HOST/GROUP/PROJECT/NAME@VERSION, such as gitlab.example.com/platform/agentsmd/review@1`,
  );
}

/** Whether two names lead to the same component, whatever their versions; a host in a variable may be any. */
export function isSameComponent(one: string, other: string): boolean {
  const [a, b] = [partsOfRef(one), partsOfRef(other)];
  if (!a || !b || a.path.toLowerCase() !== b.path.toLowerCase()) return false;
  return a.host.includes('$') || b.host.includes('$') || a.host.toLowerCase() === b.host.toLowerCase();
}

function partsOfRef(ref: string): Component | undefined {
  const { host, path, version } = /^(?<host>[^/]+)\/(?<path>.+)@(?<version>[^@]+)$/s.exec(ref.trim())?.groups ?? {};
  return host && path && version ? { ref, host, path, version } : undefined;
}

/** Nothing in it means anything to YAML, but for the braces of a variable. */
const COMPONENT =
  /^(?:\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\}|[A-Za-z0-9][\w.-]*(?::\d+)?)\/[\w.-]+(?:\/[\w.-]+){2,}@[\w.~+-][\w.~+/-]*$/;
