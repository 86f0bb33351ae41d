import { visible } from '../../forge/render/visible.ts';
import { asData } from '../../models/tools/as-data.ts';
import type { PromptSection } from './plugin.ts';

/**
 * Sections as they stand in a prompt, one after the other; '' for none. Whoever wrote them, they are between tags that they cannot close.
 * The same sections are the same bytes.
 */
export function sectionsText(sections: readonly PromptSection[]): string {
  return sections.map(({ title, text, verbatim }) => asData(title, verbatim ? text : visible(text))).join('\n\n');
}
