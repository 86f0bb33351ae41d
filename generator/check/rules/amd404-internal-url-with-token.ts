import { pieceBetween } from '../piece.ts';
import type { Found, Rule } from '../rule.ts';
import { entropy } from '../secrets/stand-in.ts';

/** A name and a password before the host. The parts exclude each other's marks: a long line is passed once. */
const USERINFO =
  /(?<![\w+.-])(?:https?|git|ssh|ftps?|wss?|postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|smtps?|ldaps?):\/\/(?<user>[^\s/:@?#"'`<>()[\]{}|]{0,100}):(?<password>[^\s/@?#"'`()[\]|]{1,200})@(?<host>[\w.-]{1,253})/gi;
const QUERY =
  /(?<![\w+.-])https?:\/\/(?<host>[\w.-]{1,253})(?::\d{1,5})?[^\s"'`<>()]{0,300}?[?&](?<name>private_token|access_token|auth_token|api_?key|api_token|job_token|client_secret|sig|token)=(?<value>[\w%.~+/=-]{8,400})/gi;

/** An address that opens doors belongs in no document. */
export const urlCredentials: Rule = {
  id: 'AMD404',
  name: 'internal-url-with-token',
  severity: 'error',
  title: 'An address in a document holds a password or a token.',
  why: 'Whoever reads the file, a model provider included, can use it; agents fetch addresses as they stand.',
  source: 'https://datatracker.ietf.org/doc/html/rfc3986#section-7.5',
  *check(document) {
    const found = (start: number, message: string): Found => ({
      // Only the beginning of the address: the finding must not spread what it complains about.
      at: pieceBetween(document, start, start + 6),
      severity: 'error',
      message,
    });
    for (const match of document.text.matchAll(USERINFO)) {
      const { user = '', password = '', host = '' } = match.groups!;
      if (isStandIn(password) || password === user || isStandInHost(host) || !isPassword(password)) continue;
      yield found(match.index, 'an address with a password in it: change the password, and read it from a variable');
    }
    for (const match of document.text.matchAll(QUERY)) {
      const { host = '', name = '', value = '' } = match.groups!;
      // A badge is fetched by everybody who reads the page; its token opens nothing else.
      if (/badge|shields?\b|\.(?:svg|png|gif)\?/i.test(match[0]) || isStandIn(value)) continue;
      if (isStandInHost(host) || !/\d/.test(value) || entropy(value) < 2.9) continue;
      yield found(match.index, `an address with a secret in ${name}: revoke it, and read it from a variable`);
    }
  },
};

/** Variables, marks to be replaced, and the words that everybody writes there. */
function isStandIn(value: string): boolean {
  return (
    /[$<>{}*…%]|\.{3}|x{3}|^[A-Z][A-Z_]*$|\b(?:your|my|the)[-_]/i.test(value.replace(/%[0-9a-f]{2}/gi, '')) ||
    /^(?:pass(?:word|wd|phrase)?|pwd|pw|secret|token|api_?token|access_?token|personal_?access_?token|credentials?|root|admin|administrator|postgres|mysql|mongo|redis|guest|user(?:name)?|test(?:ing|er)?|demo|example|sample|dev(?:elopment)?|local|default|changeme|change-me|foo|bar|baz|abc|qwerty|letmein|hunter2|rabbitmq|minio(?:admin)?|key|oauth2|x-oauth-basic|placeholder|redacted)[\d!@_-]{0,6}$/i.test(
      value,
    ) ||
    /example|placeholder|password|passwd|changeme|redacted|dummy|fake|secret|token|test|1234|abcdef/i.test(value)
  );
}

/** Something that somebody chose to be hard to guess: letters and digits, not one word. */
function isPassword(password: string): boolean {
  return password.length >= 6 && /\d/.test(password) && /[a-z]/i.test(password) && entropy(password) >= 2.3;
}

/** Names reserved for documentation and for one's own machine; a service of a local compose file has one label. */
function isStandInHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return (
    /^(?:localhost|host|hostname|server|db|database|postgres|mysql|mongo|mongodb|redis|rabbitmq|proxy|user|0\.0\.0\.0|10\.0\.2\.2|host\.docker\.internal)$|^127\./.test(
      name,
    ) ||
    /(?:^|\.)(?:example|test|invalid|localhost)$|(?:^|\.)example\.(?:com|org|net)$|(?:^|[.-])(?:your|my|some)[.-]?(?:host|domain|company|org|server|gitlab|instance|site)/.test(
      name,
    ) ||
    /^(?:foo|bar|acme|company|domain)\./.test(name)
  );
}
