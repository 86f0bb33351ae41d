/** What filler asks for: things that everybody wants and nobody can check. */
const VIRTUE =
  '(?:clean|readable|maintainable|well[- ](?:structured|organi[sz]ed|documented|tested|designed|written|crafted|formatted)|high[- ]quality|quality|good|great|excellent|elegant|robust|reliable|scalable|modular|extensible|efficient|performant|optimi[sz]ed|secure|production[- ](?:ready|grade|quality)|professional|bug[- ]free|error[- ]free|simple|clear|concise|understandable|self[- ]documenting|idiomatic|modern|consistent|correct|reusable|testable)';
const VIRTUES = `${VIRTUE}(?:(?:, | and |, and | & |/)${VIRTUE}){0,5}`;
const PRACTICES =
  '(?:(?:(?:industry|general|common|coding|software|programming|development|security|engineering|language|standard|modern|proper|good|established|current|all|the|known|latest|recommended)[- ]){0,4}(?:best[- ]practices?|good practices?|coding (?:standards?|conventions?|practices)|clean code(?: principles)?|software engineering principles|design principles|(?:the )?(?:SOLID|DRY|KISS|YAGNI)(?:(?:, | and |, and |/)(?:SOLID|DRY|KISS|YAGNI))*(?: principles?)?))';
const TAIL =
  '(?: (?:at all times|always|whenever possible|where(?:ver)? (?:possible|appropriate|applicable|needed|necessary)|when (?:possible|needed|necessary|appropriate)|throughout (?:the )?(?:code ?base|project|code)|in (?:the |all |your |our )?(?:code|code ?base|project)|for (?:the |all |your |this )?(?:code|code ?base|project|everything)|and (?:coding )?(?:standards?|conventions?|guidelines|patterns)|as (?:needed|appropriate)))*';

/** Whole sentences that say nothing: in any project they would read the same. */
const PATTERNS: readonly string[] = [
  `(?:write|produce|create|generate|deliver|keep|make|ensure|maintain|strive for|aim for|prefer|always write|prioriti[sz]e)(?: (?:only|the|your|all|that|our|any|new))* ?${VIRTUES}(?:,? (?:and )?${VIRTUES})?(?: (?:code|software|solutions?|implementations?|functions?|programs?))?`,
  `(?:keep|make|ensure|make sure)(?: (?:that|the|your|all|our|any|new|of))* ?(?:code|code ?base|functions?|implementations?|changes|software|solutions?)(?: (?:is|are|remains?|stays?))? (?:as )?${VIRTUES}(?: as possible)?`,
  `(?:follow|adhere to|apply|use|respect|stick to|observe|comply with|abide by|embrace|implement|maintain)(?: (?:the|all|our))* ?${PRACTICES}`,
  `(?:use|choose|pick|give|prefer|write)(?: (?:clear|good|proper|consistent|concise|appropriate|and|self[- ]explanatory))*,? ?(?:and )?(?:meaningful|descriptive|clear|self[- ]explanatory|expressive|sensible|intuitive|readable)(?:,? (?:and )?(?:meaningful|descriptive|clear|concise|consistent))? (?:(?:variable|function|method|class|file|identifier|commit)(?:,? (?:and|or|&|/)? ?(?:variable|function|method|class|file|identifier))* )?(?:names?|naming|identifiers|messages)(?: for (?:all |your |the )?(?:variables?|functions?|methods?|classes|everything|files|identifiers|parameters)(?:,? (?:and|or)? ?(?:variables?|functions?|methods?|classes|files|identifiers|parameters))*)?`,
  `(?:handle|deal with|manage|catch)(?: (?:all|any|the|possible|potential))* (?:errors?|exceptions?|edge cases|failures)(?:,? (?:and|or) (?:all |any )?(?:errors?|exceptions?|edge cases|failures))?(?: (?:properly|gracefully|appropriately|correctly|carefully|well|robustly))?`,
  `(?:add|implement|include|use|ensure|provide|write)(?: (?:proper|appropriate|good|comprehensive|robust|adequate|thorough|sufficient|the))+ (?:error[- ]handling|exception handling|logging|validation|documentation|comments|tests?|test coverage|testing)(?:,? (?:and|or) (?:proper |appropriate |comprehensive )?(?:error[- ]handling|logging|validation|documentation|comments|tests?))*`,
  `(?:write|add|use|include)(?: (?:clear|helpful|useful|meaningful|good|concise|descriptive|proper|and))+ (?:comments|documentation|docstrings|commit messages)`,
  `(?:comment|document)(?: (?:your|the|all|any))*(?: (?:complex|complicated|difficult|tricky|hard))* (?:code|logic|parts|sections|functions)(?: (?:properly|well|thoroughly|clearly|as needed))?`,
  `(?:ensure|maintain|improve|guarantee|uphold|preserve|strive for|care about|focus on)(?: (?:that|the|high|good|overall|consistent|excellent|your))* (?:code )?(?:quality|readability|maintainability|consistency|scalability|performance|security|reliability|code quality)(?:,? (?:and |& )?(?:code )?(?:quality|readability|maintainability|consistency|scalability|performance|security|reliability))*`,
  `(?:be|stay)(?: (?:very|always|extra))* (?:careful|thorough|consistent|professional|thoughtful|diligent|mindful)(?:,? (?:and )?(?:careful|thorough|consistent|professional|thoughtful|diligent|mindful|concise|accurate|precise))*`,
  `(?:think|reason|work|proceed)(?: (?:carefully|step[- ]by[- ]step|thoroughly|deeply|hard|critically|twice))+(?: before (?:acting|coding|you (?:act|code|write)|writing(?: any)? code|making changes))?`,
  `(?:test|review|check|verify) (?:your|the|all|any) (?:code|changes|work|implementation)(?: (?:thoroughly|carefully|well|properly|extensively|before (?:committing|submitting|pushing)))+`,
  `(?:consider|keep in mind|think about|pay attention to|account for|handle)(?: (?:the|all|any|potential|possible))* (?:edge cases|performance|security|scalability|maintainability|readability|performance implications|security implications)(?:,? (?:and |& )?(?:edge cases|performance|security|scalability|maintainability|readability))*`,
  `(?:avoid|minimi[sz]e|reduce|eliminate)(?: (?:any|all|unnecessary|needless|excessive|undue))* (?:complexity|code duplication|duplication|duplicate code|repetition|over-?engineering|technical debt|code smells|bugs|mistakes|errors|bad practices)`,
  `(?:don['’]t repeat yourself|keep it simple(?:,? stupid)?|write code (?:for humans|that is easy to (?:read|understand|maintain)(?:,? (?:and )?(?:read|understand|maintain))*)|make (?:the |your )?code easy to (?:read|understand|maintain)(?:,? (?:and )?(?:read|understand|maintain))*|leave the code(?: ?base)? (?:better|cleaner) than you found it)`,
  `you are (?:an? )?(?:(?:highly|very|extremely) )?(?:expert|experienced|senior|skilled|world[- ]class|seasoned|professional|helpful|10x|exceptional|meticulous)(?: (?:and|in|at|level|full[- ]?stack|software|front[- ]?end|back[- ]?end|web|ai|coding|programming|senior|staff|principal|[a-z]{3,14}))* (?:developer|engineer|programmer|assistant|architect|coder|expert)`,
];

const FILLER = new RegExp(
  `^(?:please |always |remember to |make sure to |be sure to |try to |you (?:should|must) |strive to |aim to |ensure you |and |do )*(?:${PATTERNS.join('|')})${TAIL}$`,
  'i',
);

/** Longer sentences add something. */
const LONGEST = 160;

/** True for a sentence that would read the same in any project. */
export function isFiller(sentence: string): boolean {
  if (sentence.length > LONGEST) return false;
  const plain = sentence
    .replace(/[*_~]+/g, '')
    .replace(/[’]/g, "'")
    // "Code quality: write clean code": the label says it already.
    .replace(/^[^\p{L}]*(?:[\p{L} &/-]{1,30}: |[\p{L}&/-]{1,20}(?: [\p{L}&/-]{1,20}){0,2} [–—-] )?/u, '')
    .replace(/[\s.!;:,]+$/, '')
    .replace(/\s+/g, ' ');
  return FILLER.test(plain);
}
