import type { Candidate } from './chain.ts';
import type { Complaint, Trouble } from './classify.ts';

/** What somebody can do about it, by the settings' names, to be put behind what went wrong; '' where there is nothing to say. */
export function adviceOn(trouble: Trouble, candidate: Candidate): string {
  const advice = adviceFor(trouble, candidate);
  return advice === undefined ? '' : `; ${advice}`;
}

function adviceFor({ class: kind, status, complaint }: Trouble, candidate: Candidate): string | undefined {
  const { provider, id, endpoint } = candidate;
  const key = endpoint.keyEnv === '' ? 'whoever asks without a key' : `the key in ${endpoint.keyEnv}`;
  switch (kind) {
    case 'authentication':
      if (status === 403)
        return `${key} is not allowed to use this model, or not from here: ask for access, or choose another in models.tiers`;
      return endpoint.keyEnv === ''
        ? `it wants a key: models.providers.${provider}.keyEnv names the variable that holds it`
        : `${key} is refused: put a valid one there`;
    case 'quota':
      return `pay in at "${provider}", or let models of another provider take over in models.failback`;
    case 'rejected': {
      const named = [...(complaint ?? [])].map((one) => SETTINGS[one]).find((setting) => setting !== undefined);
      if (named) return named(`models.providers.${provider}`, `models.providers.${provider}.models.${id}`);
      if (status === 404 || (status !== undefined && status < 400))
        return `models.providers.${provider}.baseUrl must be the address of the endpoint itself, up to and with /v1`;
      return undefined;
    }
    default:
      return undefined;
  }
}

/** What decides whether a part of the request is sent at all. */
const SETTINGS: Readonly<Partial<Record<Complaint, (provider: string, model: string) => string>>> = {
  store: (provider) =>
    `it does not take "store: false"; ${provider}.zeroRetention: false leaves that out, if it may keep what it is sent`,
  format: (_, model) => `${model}.structured says how it gives structured answers; "auto" tries all ways`,
  tools: (_, model) => `${model}.tools: false keeps tools from it`,
  'tool-choice': (_, model) => `${model}.tools: false keeps tools from it`,
  output: (_, model) => `${model}.output sets how long its answers may be`,
  model: (provider) => `it knows no such model; ${provider}.models must name its models as it does`,
};
