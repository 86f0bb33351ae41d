import type { FleetConfig } from '../jobs/config.ts';
import type { Engine } from '../jobs/engine.ts';
import type { Output } from './output.ts';
import { complianceText } from './status-compliance-text.ts';
import { projectText } from './status-project-text.ts';
import { noneText, reasonedText } from './status-reason-text.ts';
import { fleetText } from './status-text.ts';

/** What `agentsmd status` shows, of the fleet or of one project. */
export interface StatusReport {
  text(engine: Engine, style: Output['style']): Promise<string>;
  document(engine: Engine): Promise<object>;
}

/** What is asked for: the fleet where neither is named. */
export interface StatusAsked {
  readonly project?: string | undefined;
  readonly reason?: string | undefined;
  /** How the codex is kept. */
  readonly compliance?: boolean;
}

export function statusReport(fleet: FleetConfig, { project, reason, compliance }: StatusAsked): StatusReport {
  if (compliance) return ofCompliance();
  if (reason !== undefined) return ofReason(reason);
  return project === undefined ? ofFleet(fleet) : ofProject(project);
}

function ofFleet(fleet: FleetConfig): StatusReport {
  const read = async (engine: Engine) => {
    const { fleetStatus } = await import('../jobs/status.ts');
    return await fleetStatus(engine, fleet, engine.now());
  };
  return {
    text: async (engine, style) => fleetText(await read(engine), style),
    document: async (engine) => {
      const { coverageLists } = await import('../jobs/status/coverage.ts');
      const { review, ...status } = await read(engine);
      const projects = await coverageLists(engine.db);
      return { schema: 'agentsmd/status/1', ...status, review: { ...review, projects } };
    },
  };
}

function ofProject(name: string): StatusReport {
  const read = async (engine: Engine) => {
    const { projectStatus } = await import('../jobs/status/project.ts');
    return await projectStatus(engine, name);
  };
  return {
    text: async (engine, style) => (await read(engine)).map((each) => projectText(each, style)).join('\n'),
    document: async (engine) => {
      const { projectDocument } = await import('./status-project-document.ts');
      return { schema: 'agentsmd/status-project/1', projects: (await read(engine)).map(projectDocument) };
    },
  };
}

function ofReason(reason: string): StatusReport {
  const read = async ({ db, now }: Engine) => {
    const { reasonsOf, repositoriesBy } = await import('../jobs/status/reason.ts');
    const repositories = await repositoriesBy(db, reason);
    return { repositories, reasons: repositories.length > 0 ? {} : await reasonsOf(db, now()) };
  };
  return {
    text: async (engine) => {
      const { repositories, reasons } = await read(engine);
      return repositories.length > 0 ? reasonedText(repositories) : noneText(reason, reasons);
    },
    document: async (engine) => {
      const { repositories } = await read(engine);
      return { schema: 'agentsmd/status-reason/1', reason, repositories };
    },
  };
}

function ofCompliance(): StatusReport {
  const read = async ({ db }: Engine) => {
    const { complianceOf } = await import('../jobs/status/compliance.ts');
    return await complianceOf(db);
  };
  return {
    text: async (engine, style) => complianceText(await read(engine), style),
    document: async (engine) => ({ schema: 'agentsmd/status-compliance/1', ...(await read(engine)) }),
  };
}
