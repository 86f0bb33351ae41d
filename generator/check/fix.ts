import type { AgentDocument } from '../documents/document.ts';
import type { Finding } from './judge.ts';

export interface Fixed {
  readonly document: AgentDocument;
  /** The whole document as it would read, without its byte order mark. */
  readonly text: string;
  readonly applied: readonly Finding[];
  /** Findings whose fix touches another one's: for a second run. */
  readonly left: readonly Finding[];
}

/**
 * Applies the safe fixes of findings to their documents, by offset: what no fix names stays byte for byte. Of two that
 * overlap the first in the text wins. Documents that were not read faithfully are left alone.
 */
export function fixDocuments(documents: readonly AgentDocument[], findings: readonly Finding[]): readonly Fixed[] {
  const byPath = Map.groupBy(findings, ({ path }) => path);
  return documents
    .filter(({ faithful }) => faithful)
    .map((document) => fixDocument(document, byPath.get(document.path) ?? []))
    .filter(({ text, document }) => text !== document.text);
}

function fixDocument(document: AgentDocument, findings: readonly Finding[]): Fixed {
  const applied: Finding[] = [];
  const left: Finding[] = [];
  const parts: string[] = [];
  let from = 0;
  let last: Finding['fix'];
  const byPlace = findings
    .filter(({ fix }) => fix !== undefined)
    .toSorted((a, b) => a.fix!.start - b.fix!.start || a.fix!.end - b.fix!.end);
  for (const finding of byPlace) {
    const { start, end, text } = finding.fix!;
    const same = last !== undefined && last.start === start && last.end === end && last.text === text;
    if (same) applied.push(finding);
    else if (start < from || (last !== undefined && start === last.start)) left.push(finding);
    else {
      parts.push(document.text.slice(from, start), text);
      from = end;
      last = finding.fix;
      applied.push(finding);
    }
  }
  return { document, text: parts.join('') + document.text.slice(from), applied, left };
}
