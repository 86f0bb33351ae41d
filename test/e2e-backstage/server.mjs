/** The real catalog backend of Backstage with one provider; configured by app-config.yaml. Started by run.mjs. */
import { createBackend } from '@backstage/backend-defaults';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { companyEntities } from './entities.mjs';

const company = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'company',
  register(module) {
    module.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        catalog.addEntityProvider({
          getProviderName: () => 'company',
          connect: (connection) =>
            connection.applyMutation({
              type: 'full',
              entities: companyEntities().map((entity) => ({ entity, locationKey: 'company' })),
            }),
        });
      },
    });
  },
});

const backend = createBackend();
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(company);
await backend.start();
