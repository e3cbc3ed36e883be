import type { components } from './generated';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Center = Schemas['Center'];
export type LocalizedText = Schemas['LocalizedText'];
export type Judgement = Schemas['Judgement'];
export type TrustMark = Schemas['TrustMark'];
export type TreeKind = Schemas['TreeKind'];
export type Better = Schemas['Better'];
export type Unit = Schemas['Unit'];
export type UnitList = Schemas['UnitList'];
export type FiguresAnswer = Schemas['FiguresAnswer'];
export type Period = Schemas['Period'];
export type PeriodList = Schemas['PeriodList'];
export type SourceState = Schemas['SourceState'];
export type OldCodes = Schemas['OldCodes'];
export type ControlTotals = Schemas['ControlTotals'];
export type SchemaDrift = Schemas['SchemaDrift'];
export type UnusualVolume = Schemas['UnusualVolume'];
export type ContractSent = Schemas['ContractSent'];
export type ContractStanding = Schemas['ContractStanding'];
export type Snapshot = Schemas['Snapshot'];
export type Figure = Schemas['Figure'];
export type FigureWithPassport = Schemas['FigureWithPassport'];
export type Pace = Schemas['Pace'];
export type Passport = Schemas['Passport'];
export type StatedValue = Schemas['StatedValue'];
export type Comparison = Schemas['Comparison'];
export type FigureHistory = Schemas['FigureHistory'];
export type Trend = Schemas['Trend'];
export type PanelItem = Schemas['PanelItem'];
export type PanelChild = Schemas['PanelChild'];
export type PanelAnswer = Schemas['PanelAnswer'];
export type LiveChange = Schemas['LiveChange'];
export type LiveHeartbeat = Schemas['LiveHeartbeat'];
export type Explanation = Schemas['Explanation'];
export type Cause = Schemas['Cause'];
export type FigureState = Schemas['FigureState'];
export type FigureChange = Schemas['FigureChange'];
export type ChangeStep = Schemas['ChangeStep'];
export type ChangedPart = Schemas['ChangedPart'];
export type Alarm = Schemas['Alarm'];
export type AlarmList = Schemas['AlarmList'];
export type Column = Schemas['Column'];
export type RecordList = Schemas['RecordList'];
export type RecordVersions = Schemas['RecordVersions'];
export type Version = Schemas['Version'];
export type VersionWithDelivery = Schemas['VersionWithDelivery'];
export type RawRows = Schemas['RawRows'];
export type Delivery = Schemas['Delivery'];
export type DeliveryCounts = Schemas['DeliveryCounts'];
export type DeliveryList = Schemas['DeliveryList'];
export type QuarantineList = Schemas['QuarantineList'];
export type QuarantinedRow = Schemas['QuarantinedRow'];
export type QuarantineGroup = Schemas['QuarantineGroup'];
export type QuarantineSummary = Schemas['QuarantineSummary'];
export type QuarantineVerdict = Schemas['QuarantineVerdict'];
export type DecidedRows = Schemas['DecidedRows'];
export type MappingList = Schemas['MappingList'];
export type MappingTrial = Schemas['MappingTrial'];
export type ChangedRow = Schemas['ChangedRow'];
export type RowOutcome = Schemas['RowOutcome'];
export type ReplayProgress = Schemas['ReplayProgress'];
export type Secret = Schemas['Secret'];
export type SecretList = Schemas['SecretList'];
export type Source = Schemas['Source'];
export type SourceDetail = Schemas['SourceDetail'];
export type SourceEvent = Schemas['SourceEvent'];
export type SourceEventList = Schemas['SourceEventList'];
export type SourceList = Schemas['SourceList'];
export type Quality = Schemas['Quality'];
export type QualityLoss = Schemas['QualityLoss'];
export type ProblemDetails = Schemas['Problem'];

/** One cell of a record: its type is its column's. */
export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;

/** Of a list of records: only those that moved the measure between two moments by one cause. */
export interface RecordsOfChange {
  cause: string;
  from: string;
  to: string;
}

/** What names a figure. */
export interface FigureKey {
  indicator: string;
  tree: TreeKind;
  unit: string;
  period: string;
  /** The day on whose territory it is asked; not there as reported. */
  territory?: string | undefined;
}
