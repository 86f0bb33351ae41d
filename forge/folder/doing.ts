import type { AuditEntry, AuditLog } from '../audit.ts';
import type { Project } from '../port.ts';
import type { RecordWrite, WriteRequest } from '../write-request.ts';

export interface DoingOptions {
  readonly audit: AuditLog;
  readonly actor: string;
  /** In ms since 1970. */
  readonly now: () => number;
  /** Set for a dry run: takes each write instead of the repository. */
  readonly record?: RecordWrite;
}

/** The one door through which writes to a repository go. */
export type Do = <T>(request: WriteRequest, act: () => T | Promise<T>, placeholder: T) => Promise<T>;

export function doing({ audit, actor, now, record }: DoingOptions, project: Project): Do {
  return async (request, act, placeholder) => {
    if (record) {
      record(request);
      return placeholder;
    }
    const { method, path, why } = request;
    const log = (result: AuditEntry['result']) =>
      audit.append({
        time: new Date(now()).toISOString(),
        instance: project.instance,
        actor,
        project: project.path,
        method,
        path,
        why,
        attempt: 1,
        result,
      });
    log('sent');
    try {
      const done = await act();
      log('applied');
      return done;
    } catch (error) {
      log('refused');
      throw error;
    }
  };
}
