import { FleetError } from '../errors.ts';
import { textOf } from '../queue/ending.ts';
import { QUEUE_SCHEMA, STATE_SCHEMA } from './tables.ts';

/** For people: without the password, and whatever else may be secret in it. @throws {FleetError} for what is no address. */
export function addressOf(url: string): string {
  const { user, host, database } = partsOf(url);
  return `postgres://${user === '' ? '' : `${user}@`}${host}/${database}`;
}

interface Parts {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly database: string;
}

function partsOf(url: string): Parts {
  const parsed = URL.parse(url);
  if (!parsed || !/^postgres(?:ql)?:$/.test(parsed.protocol))
    throw new FleetError('DATABASE_URL is not an address like postgres://user:password@host:5432/database');
  const { username, password, host, pathname, searchParams } = parsed;
  return {
    user: username || (searchParams.get('user') ?? ''),
    password: password || (searchParams.get('password') ?? ''),
    host: host || (searchParams.get('host') ?? 'localhost'),
    database: pathname.slice(1),
  };
}

/** By SQLSTATE: what was refused, and what to do. */
const REFUSED: Readonly<Record<string, string>> = {
  '28P01': 'does not accept the user or the password: check DATABASE_URL',
  '28000': 'does not let this user in: check DATABASE_URL, and pg_hba.conf on the server',
  '3D000': 'is not there: create the database, or check DATABASE_URL',
  '42501': `does not let this user do what is needed: let it create schemas (grant create on database ... to ...), or have the schemas ${STATE_SCHEMA} and ${QUEUE_SCHEMA} created for it as their owner`,
};

/** What went wrong between us and a database, as something to mend. */
export function explained(error: unknown, url: string): FleetError {
  if (error instanceof FleetError) return error;
  const where = `the database ${addressOf(url)}`;
  const { code } = error as { code?: string };
  const said = withoutPassword(textOf(error), url);
  const refused = REFUSED[code ?? ''];
  if (refused) return new FleetError(`${where} ${refused} (${said})`, 2, { cause: error });
  if (/SASL|password must be a string/.test(said))
    return new FleetError(`${where} wants a password: DATABASE_URL has none that fits (${said})`, 2, { cause: error });
  return new FleetError(`${where} cannot be used: ${said}`, 3, { cause: error });
}

function withoutPassword(text: string, url: string): string {
  const { password } = partsOf(url);
  return [password, decoded(password)].reduce(
    (clean, secret) => (secret ? clean.replaceAll(secret, '***') : clean),
    text,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
