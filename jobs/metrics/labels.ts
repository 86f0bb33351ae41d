/** A host, and never a path of this machine. */
export function instanceLabel(instance: string): string {
  return URL.parse(instance)?.host || 'folder';
}

export function statusClass(status: number | undefined): string {
  return status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
}

/** More reasons than we know of: something puts names into them. */
const MOST_REASONS = 100;

/** Reasons as labels: one that is no word of ours, or one too many, is `other`. */
export function reasonLabels(): (reason: string | undefined) => string {
  const known = new Set<string>();
  return (reason = '') => {
    if (reason === '' || known.has(reason)) return reason;
    if (known.size === MOST_REASONS || !/^[a-z][a-z-]{0,39}$/.test(reason)) return 'other';
    known.add(reason);
    return reason;
  };
}
