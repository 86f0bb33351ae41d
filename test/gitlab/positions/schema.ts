import { Ajv } from 'ajv';

/**
 * What GitLab lets into a position (app/validators/json_schemas/position.json): no key that it does not know, and lines that are
 * integers or null, never texts. Beyond it the four that `POST discussions` requires.
 */
export function schemaFault(position: unknown): string | null {
  if (!isPosition(position)) return '400 Bad request - Note {:position=>["must be a valid json schema"]}';
  const missing = REQUIRED.filter((name) => (position as Record<string, unknown>)[name] == null);
  return missing.length === 0 ? null : missing.map((name) => `position[${name}] is missing`).join(', ');
}

const REQUIRED = ['base_sha', 'start_sha', 'head_sha', 'position_type'];

const text = (maxLength: number) => ({ type: ['string', 'null'], maxLength });
const LINE = { type: ['integer', 'null'] };
const COORDINATE = { type: ['integer', 'string', 'null'], maxLength: 10 };

function closed(properties: Readonly<Record<string, unknown>>, type: string | readonly string[] = 'object') {
  return { type, additionalProperties: false, properties };
}

const RANGE_END = closed({
  ...{ old_line: LINE, new_line: LINE },
  line_code: { type: 'string', maxLength: 100 },
  type: text(100),
});

const isPosition = new Ajv({ allowUnionTypes: true }).compile(
  closed({
    ...{ base_sha: text(64), start_sha: text(64), head_sha: text(64) },
    ...{ old_path: text(1000), new_path: text(1000), file_identifier_hash: text(40), position_type: text(10) },
    ...{ old_line: LINE, new_line: LINE },
    ...{ width: COORDINATE, height: COORDINATE, x: COORDINATE, y: COORDINATE },
    line_range: closed({ start: RANGE_END, end: RANGE_END }, ['object', 'null']),
    ignore_whitespace_change: { type: ['boolean', 'null'] },
  }),
);
