import { type Block, bullets, code, codeBlock, details, heading, md, note, paragraph } from '../forge/render/index.ts';
import { decisionText } from '../reviewer/decide/decide.ts';
import { CATEGORIES, citationOf, type Finding } from '../reviewer/findings/finding.ts';
import { leftOut, type Review } from '../reviewer/review.ts';

/** It is shown anywhere: nothing in it may lead to where nobody allowed it to. */
const POLICY = { instance: 'https://gitlab.invalid', hosts: [] };

const TITLES: Readonly<Record<Finding['category'], string>> = {
  security: 'Security',
  'code-quality': 'Code quality',
  performance: 'Performance',
  release: 'Release',
  codex: 'Engineering rules',
  'agents-md': 'AGENTS.md',
  documentation: 'Documentation',
};

/** A review as Markdown that is safe to be posted: by category, with the rules that are cited. */
export function reviewMarkdown(review: Review): string {
  const { because, findings, tier, tierBecause, files, agents, offer } = review;
  const decided = decisionText(review);
  const blocks: Block[] = [heading(2, md`${decided[0]!.toUpperCase()}${decided.slice(1)}`), paragraph(md`${because}`)];
  for (const category of CATEGORIES) {
    const own = findings.filter((finding) => finding.category === category);
    if (own.length === 0) continue;
    blocks.push(heading(3, md`${TITLES[category]}`));
    for (const finding of own) blocks.push(...findingBlocks(finding));
  }
  if (offer)
    blocks.push(
      heading(3, md`AGENTS.md`),
      paragraph(md`There is none, and this change is one that agents would have to know of.`),
      details('The AGENTS.md of this repository', [codeBlock(offer.text, 'markdown')]),
    );
  blocks.push(
    details('How it was reviewed', [
      bullets([
        md`${tier} risk: ${tierBecause}`,
        ...agents.map(
          ({ name, state, findings: count, ms, message }) =>
            md`${code(name)}: ${state}, ${String(count)} findings, ${String(ms)} ms ${message ?? ''}`,
        ),
        ...leftOut(files).map(({ why, paths }) => md`left out, ${why}: ${code(paths.join(', '))}`),
      ]),
    ]),
  );
  return `${note(POLICY, blocks)}\n`;
}

function findingBlocks({ severity, trivial, path, line, title, detail, rules, suggestion }: Finding): readonly Block[] {
  const place = line === 0 ? path : `${path}:${line}`;
  const cited = rules.map(citationOf).join(', ');
  return [
    paragraph(
      md`${code(place)} ${trivial ? 'note' : severity}: ${title}${cited === '' ? '' : ' '}${cited === '' ? md`` : code(cited)}`,
    ),
    ...(detail === '' ? [] : [paragraph(md`${detail}`)]),
    ...(suggestion === null ? [] : [suggestion === '' ? paragraph(md`Take it out.`) : codeBlock(suggestion)]),
  ];
}
