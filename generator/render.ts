import { type Item, SECTIONS } from './item.ts';

/** Bullets into the text of an AGENTS.md. Sections keep their order, bullets theirs within a section. */
export function render(items: readonly Pick<Item, 'section' | 'text'>[]): string {
  const sections = SECTIONS.flatMap((section) => {
    const bullets = items.filter((item) => item.section === section).map(({ text }) => `- ${text}`);
    return bullets.length > 0 ? [`## ${section}\n\n${bullets.join('\n')}\n`] : [];
  });
  return `# AGENTS.md\n\n${sections.join('\n')}`;
}

/** How long the rendered text is. */
export function renderedSize(items: readonly Item[]): { readonly lines: number; readonly bytes: number } {
  const text = render(items);
  return { lines: text.split('\n').length - 1, bytes: Buffer.byteLength(text) };
}
