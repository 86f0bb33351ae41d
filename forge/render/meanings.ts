/** Something that GitLab would act on in a piece of text that is no code. */
export interface Meaning {
  readonly kind: 'mention' | 'reference' | 'link' | 'macro';
  readonly text: string;
}

/** Mentions, references, addresses and macros in text, by GitLab's own patterns, a little wider than those. */
export function* meaningsIn(text: string): Iterable<Meaning> {
  for (const [kind, pattern] of PATTERNS) for (const [found] of text.matchAll(pattern)) yield { kind, text: found };
}

/**
 * GitLab: `reference_pattern` of the models (app/models/*.rb, ee included by its documentation) and the filters of
 * lib/banzai/filter. Wider where a version or an integration may differ.
 */
const PATTERNS: readonly (readonly [Meaning['kind'], RegExp])[] = [
  ['mention', /(?<![\p{L}\p{N}_])@[\p{L}\p{N}_](?:[\w./-]*[\w-])?/gu],
  ['mention', /[\w.+-]+@[\w-]+(?:\.[\w-]+)*/g],
  // issue and alert, merge request, epic, snippet
  ['reference', /(?:[\w.-]+\/)*[\w.-]*(?:#|\^#|!|&|\$)\d+/g],
  // label, milestone, iteration by name or number
  ['reference', /[~%](?:[\p{L}\p{N}_]|"[^"]+")|\*iteration:/giu],
  [
    'reference',
    /\[(?:vulnerability|feature_flag|issue|work_item|epic|merge_request|contact|cadence|wiki_page|snippet|iteration)s?:[^\]]+\]/gi,
  ],
  ['reference', /(?<![\w/])[0-9a-f]{7,40}\.{2,3}[0-9a-f]{7,40}/gi],
  ['link', /[a-z][a-z0-9+.-]*:\/\/\S/gi],
  ['link', /(?<![\p{L}\p{N}])www\.\S/giu],
  ['macro', /\[\[.*?\]\]|\[_?TOC_?\]/gi],
  ['macro', /%\{|\$\$|\$`|`\$|\$[^\s$][^$]*\$|^::include|^\s*>>>|[[{][+-]/gim],
];
