import { caseWorkflowProperty } from '../../properties/case-workflow-property.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

caseWorkflowProperty('The workflow in memory', () => memoryStoreWorld(), {
  numRuns: 60,
  common: ['claimed', 'started', 'info-requested', 'answered'],
});
