import type { AgentDocument } from '../documents/document.ts';

/** True where a document of `above` is in force in `dir`, too. A hidden folder holds what tools are made of: nobody works in it. */
export function isBelow(dir: string, above: string): boolean {
  return dir !== above && (above === '' || dir.startsWith(`${above}/`)) && !/(?:^|\/)\./.test(dir);
}

/** The documents of the folders above a document's, from the nearest; only for those who read the document themselves. */
export function documentsAbove(document: AgentDocument, documents: readonly AgentDocument[]): readonly AgentDocument[] {
  return documents
    .filter((other) => isBelow(document.dir, other.dir) && isReadTogether(document, other))
    .sort((a, b) => b.dir.length - a.dir.length);
}

/** A rule for some files only is no document of a folder. */
function isReadTogether(a: AgentDocument, b: AgentDocument): boolean {
  return a.kind === b.kind || (FOR_ALL.has(a.kind) && FOR_ALL.has(b.kind));
}

const FOR_ALL: ReadonlySet<AgentDocument['kind']> = new Set(['agents', 'override', 'claude', 'gemini']);
