import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { World } from './world.mjs';

// The made-up center must answer as the real one is described, or the screens are tested against nothing.
const description = parse(readFileSync(`${import.meta.dirname}/../../schemas/openapi.yaml`, 'utf8')) as { components: { schemas: object } };
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'api', components: description.components });

function misfit(schema: string, answer: unknown): string {
  ajv.validate({ $ref: `api#/components/schemas/${schema}` }, JSON.parse(JSON.stringify(answer)));
  return ajv.errorsText();
}

describe('the made-up center answers as described', () => {
  const world = new World();
  const unit = world.findUnit('15');
  const version = world.versions(world.caseNumber(1)).items[1]!.sequence;
  it.each<[string, unknown]>([
    ['Session', world.session(true)], ['Session', world.session(false)], ['Center', world.center()], ['PanelAnswer', world.panel(unit)], ['PanelAnswer', world.panel(world.findUnit(null, 'organisation'))], ['UnitList', world.unitList('territory', '15')],
    ['FiguresAnswer', world.figuresBelow('overdue_cases', unit, '2026-11-23')],
    ['PanelAnswer', world.panel(unit, '2026-10', '2026-11-20T01:00:00Z')], ['PanelAnswer', world.panel(unit, 'reporting:2026-11')], ['PeriodList', world.periods('2026-11-23')], ['LiveChange', world.change(unit)], ['Explanation', world.explanation('overdue_share', unit, '2026-11')],
    ['FigureChange', world.figureChange('overdue_share', unit, '2026-11', '2026-11-22T00:00:00Z', null)], ['AlarmList', world.alarms(null)], ['ChangedRecordList', world.recordsOfChange('received', 'late', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z')],
    ['RecordList', world.records(null)], ['RecordVersions', world.versions(world.caseNumber(1))], ['VersionWithDelivery', world.version(version)], ['RawRows', world.raw(version)],
    ['DeliveryList', world.deliveries(null)], ['QuarantineList', world.quarantine()], ['QuarantineSummary', world.quarantineSummary()], ['RawRows', world.rawRow(17)], ['MappingList', world.mappings()], ['MappingTrial', world.mappingTrial()], ['ReplayProgress', world.replay('case_system')], ['SecretList', world.secretList()], ['SourceList', world.sources()],
    ['SourceDetail', world.sourceDetail('case_system')], ['SourceEventList', world.sourceEvents(null)], ['Quality', world.quality()],
  ])('%s', (schema, answer) => {
    expect(misfit(schema, answer)).toBe('No errors');
  });

  it('an undescribed member is noticed', () => {
    expect(misfit('Session', { ...world.session(true), more: 1 })).not.toBe('No errors');
  });
});
