import { describe, expect, it } from 'vitest';
import { chainFor } from './chain.ts';
import type { Assignments, Tier } from './config.ts';
import type { RemoteOverrides } from './overrides.ts';
import { MODEL, PROVIDER, settings } from './testing/settings.ts';

const SETTINGS = settings({
  models: { 'big-2': { family: 'big' }, 'big-1': { family: 'big' }, small: { family: 'small' }, 'org/nested': {} },
  providers: { other: { ...PROVIDER, models: { 'big-2': { ...MODEL, family: 'big' } } } },
  tiers: { top: 'gw/big-2', standard: 'gw/big-1', light: 'gw/small' },
  agents: { security: { tier: 'top' }, docs: { model: 'gw/org/nested' } },
  failback: { 'gw/big-2': ['gw/big-1', 'other/big-2', 'gw/small'], 'gw/big-1': ['gw/small'] },
});

function names(agent: string, tier: Tier, overrides?: RemoteOverrides, of = SETTINGS) {
  return chainFor({ agent, tier }, of, overrides).map(({ name }) => name);
}

describe('the chain of an agent', () => {
  it("begins with its tier's model, or its own", () => {
    expect(names('any', 'standard')).toEqual(['gw/big-1']);
    expect(names('security', 'light')[0]).toBe('gw/big-2');
    expect(names('docs', 'top')).toEqual(['gw/org/nested']);
    expect(names('constructor', 'light')).toEqual(['gw/small']);
  });

  it('stays in its family', () => {
    expect(names('any', 'top')).toEqual(['gw/big-2', 'gw/big-1', 'other/big-2']);
  });

  it('leaves it where that is configured', () => {
    expect(names('any', 'standard', undefined, { ...SETTINGS, acrossFamilies: true })).toEqual([
      'gw/big-1',
      'gw/small',
    ]);
  });

  it('has nothing of a provider that is switched off, here or from afar', () => {
    expect(names('any', 'top', { providers: { gw: { enabled: false } } })).toEqual(['other/big-2']);
    const off = {
      ...SETTINGS,
      providers: { ...SETTINGS.providers, gw: { ...SETTINGS.providers.gw!, enabled: false } },
    };
    expect(names('any', 'top', undefined, off)).toEqual(['other/big-2']);
    expect(names('any', 'light', undefined, off)).toEqual([]);
    expect(names('any', 'light', { providers: { gw: { enabled: true } } }, off)).toEqual(['gw/small']);
  });

  it('follows the repository, but not against remote configuration, nor to a model that there is not', () => {
    const of = (assigned: Assignments, agent = 'any', overrides?: RemoteOverrides) =>
      chainFor({ agent, tier: 'light', assigned }, SETTINGS, overrides).map(({ name }) => name)[0];
    expect(of({ any: { tier: 'top' } })).toBe('gw/big-2');
    expect(of({ any: { model: 'gw/org/nested' } })).toBe('gw/org/nested');
    expect(of({ docs: { tier: 'standard' } }, 'docs')).toBe('gw/big-1');
    expect(of({ other: { tier: 'top' } })).toBe('gw/small');
    expect(of({ any: { model: 'gw/elsewhere' } })).toBe('gw/small');
    expect(of({ any: { model: 'gw/elsewhere', tier: 'top' } })).toBe('gw/big-2');
    expect(of({ docs: { model: 'nobody/big-2' } }, 'docs')).toBe('gw/org/nested');
    expect(of({ any: { tier: 'top' } }, 'any', { agents: { any: { tier: 'standard' } } })).toBe('gw/big-1');
  });

  it('follows what overrides it: agents, tiers, chains', () => {
    expect(names('docs', 'top', { agents: { docs: { tier: 'light' } } })).toEqual(['gw/small']);
    expect(names('any', 'light', { tiers: { light: 'gw/big-1' } })).toEqual(['gw/big-1']);
    expect(names('any', 'top', { failback: { 'gw/big-2': ['other/big-2'] } })).toEqual(['gw/big-2', 'other/big-2']);
    expect(names('any', 'top', { failback: { 'gw/big-2': ['gw/small', 'gw/unknown'] } })).toEqual(['gw/big-2']);
  });
});
