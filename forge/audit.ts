/** One write that was sent: who did what, why, and what came of it. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly instance: string;
  /** User name that the token stands for. */
  readonly actor: string;
  /** The project's path, or another subject. */
  readonly project: string;
  readonly method: string;
  /** Path of the request, without a token. */
  readonly path: string;
  /** What it was sent for, in words. */
  readonly why: string;
  /** Which try of this write it was, from 1. */
  readonly attempt: number;
  /** `sent`: about to go out, `applied`, `refused`, `lost`: no answer, so nobody knows; `found-applied`: looked up after that. */
  readonly result: 'sent' | 'applied' | 'refused' | 'lost' | 'found-applied';
  readonly status?: number;
  /** The forge's own id of the request. */
  readonly requestId?: string;
  /** Of a repeat: why the try before did not do. */
  readonly retryOf?: string;
}

/** Append-only: what was written is never changed or taken out. */
export interface AuditLog {
  append(entry: AuditEntry): void;
}
