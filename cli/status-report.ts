import type { FleetConfig } from '../jobs/config.ts';
import type { Engine } from '../jobs/engine.ts';
import type { Output } from './output.ts';
import { projectText } from './status-project-text.ts';
import { fleetText } from './status-text.ts';

/** What `agentsmd status` shows, of the fleet or of one project. */
export interface StatusReport {
  text(engine: Engine, style: Output['style']): Promise<string>;
  document(engine: Engine): Promise<object>;
}

export function statusReport(fleet: FleetConfig, project: string | undefined): StatusReport {
  return project === undefined ? ofFleet(fleet) : ofProject(project);
}

function ofFleet(fleet: FleetConfig): StatusReport {
  const read = async (engine: Engine) => {
    const { fleetStatus } = await import('../jobs/status.ts');
    return await fleetStatus(engine, fleet, Date.now());
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
  const read = async ({ db }: Engine) => {
    const { projectStatus } = await import('../jobs/status/project.ts');
    return await projectStatus(db, name);
  };
  return {
    text: async (engine, style) => (await read(engine)).map((each) => projectText(each, style)).join('\n'),
    document: async (engine) => {
      const { projectDocument } = await import('./status-project-document.ts');
      return { schema: 'agentsmd/status-project/1', projects: (await read(engine)).map(projectDocument) };
    },
  };
}
