import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import en from './texts/en.json';
import vi from './texts/vi.json';

interface Schema { enum?: (string | null)[]; properties?: Record<string, Schema>; items?: Schema }
const description = parse(readFileSync(`${import.meta.dirname}/../../../schemas/openapi.yaml`, 'utf8')) as { components: { schemas: Record<string, Schema> } };
const schemas = description.components.schemas;
const words = (schema: Schema | undefined) => (schema?.enum ?? []).filter((word) => word !== null);

/** Lists of words that the server answers with, and the texts that say them. */
const spoken: [string, (string | null)[], (texts: typeof vi) => object][] = [
  ['reason', words(schemas['QuarantineReason']), (texts) => texts.reason],
  ['judgement', words(schemas['Judgement']), (texts) => texts.judgement],
  ['trust', words(schemas['TrustMark']), (texts) => texts.trust],
  ['source_state', words(schemas['SourceState']), (texts) => texts.source_state],
  ['no_value_reason', words(schemas['Figure']?.properties?.['no_value_reason']), (texts) => texts.no_value_reason],
  ['not_judged_reason', words(schemas['Figure']?.properties?.['not_judged_reason']), (texts) => texts.not_judged_reason],
  ['outcome', words(schemas['Delivery']?.properties?.['outcome']), (texts) => texts.outcome],
];

describe.each([['vi', vi], ['en', en as unknown as typeof vi]])('every word of the server has a text in %s', (_, texts) => {
  it.each(spoken)('%s', (_, listed, group) => {
    expect(listed.length).toBeGreaterThan(1);
    const said: object = group(texts);
    expect(listed.filter((word) => !(String(word) in said))).toEqual([]);
  });

  it('and no reason of a quarantined row has one that is never sent', () => {
    expect(Object.keys(texts.reason).filter((word) => !words(schemas['QuarantineReason']).includes(word))).toEqual([]);
  });
});
