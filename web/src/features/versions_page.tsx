import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useVersions } from '../api/queries';
import { VersionHistory } from '../panels/version_history';
import { Page } from '../ui/page';
import { AsOfBanner } from './as_of_control';
import { SimulatedByDelivery } from './delivery_facts';
import { stateOf } from './panel_states';
import { parseRecordKey, screenPaths } from './screen_paths';
import { useScreenParameters } from './use_screen_parameters';

/** One record with all its versions. */
export function VersionsPage() {
  const { t } = useTranslation();
  const { dataset = '' } = useParams();
  const { parameters, get } = useScreenParameters();
  const key = parseRecordKey(parameters);
  const versions = useVersions(dataset, key, get('as_of'));
  const youngest = versions.data?.items.at(-1);
  return (
    <Page title={t('versions.title', { key: Object.values(key).join(' · ') })}>
      <AsOfBanner />
      {youngest && <SimulatedByDelivery sequence={youngest.delivery} />}
      <VersionHistory
        state={stateOf(versions)}
        linksOf={(version) => (
          <>
            <Link to={screenPaths.version(version.sequence)}>{t('versions.raw')}</Link>
            <Link to={screenPaths.delivery(version.delivery)}>{t('versions.delivery', { sequence: version.delivery })}</Link>
          </>
        )}
      />
    </Page>
  );
}
