import { Button, PasswordInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/queries';
import { useRemoveSecret, useSecrets, useSetSecret } from '../api/quarantine_queries';
import type { Secret } from '../api/types';
import { DataTable } from '../ui/data_table';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { useFormat } from '../ui/use_format';
import classes from './controls.module.css';
import { SourceTitle } from './delivery_facts';

/** Passwords and tokens by which sources are asked: which are needed, which are set. No value is ever shown. */
export function SecretsPage() {
  const { t } = useTranslation();
  const secrets = useSecrets();
  return (
    <Page title={t('secrets.title')} lead={t('secrets.intro')}>
      {secrets.data === undefined ? (secrets.error ? <ProblemNotice problem={secrets.error} onRetry={() => void secrets.refetch()} /> : <LoadingLines lines={4} />)
        : secrets.data.items.length === 0 ? <EmptyNote>{t('secrets.empty')}</EmptyNote> : <SecretsTable secrets={secrets.data.items} />}
    </Page>
  );
}

function SecretsTable({ secrets }: { secrets: readonly Secret[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable stacks
      caption={t('secrets.title')}
      head={<>
        <th scope="col">{t('secrets.name')}</th><th scope="col">{t('secrets.needed_by')}</th><th scope="col">{t('secrets.set_at')}</th>
        <th scope="col">{t('secrets.set_by')}</th><th scope="col">{t('secrets.change')}</th>
      </>}
    >
      {secrets.map((secret) => (
        <tr key={secret.name} data-testid="secret" data-set={secret.set_at !== null || undefined}>
          <th scope="row"><code>{secret.name}</code></th>
          <td>{secret.needed_by === null ? t('secrets.not_needed') : <SourceTitle name={secret.needed_by} />}</td>
          <td data-nowrap="">{secret.set_at === null ? t('secrets.not_set') : format.moment(secret.set_at)}</td>
          <td>{secret.set_by ?? '–'}</td>
          <td><SecretForm secret={secret} /></td>
        </tr>
      ))}
    </DataTable>
  );
}

/** The field is emptied as soon as the value is on its way. */
function SecretForm({ secret }: { secret: Secret }) {
  const { t } = useTranslation();
  const csrfToken = useSession().data?.csrf_token ?? null;
  const set = useSetSecret(csrfToken);
  const remove = useRemoveSecret(csrfToken);
  const [value, setValue] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (value === '') return;
    set.mutate({ name: secret.name, value });
    setValue('');
  };
  const isPending = set.isPending || remove.isPending;
  const problem = set.error ?? remove.error;
  return (
    <form className={classes['form']} onSubmit={submit}>
      <PasswordInput
        label={t('secrets.value', { name: secret.name })} value={value} autoComplete="off" maxLength={4096} visible={false}
        onChange={(event) => { setValue(event.currentTarget.value); }}
      />
      <Button type="submit" variant="default" loading={isPending}>{secret.set_at === null ? t('secrets.set') : t('secrets.replace')}</Button>
      {secret.set_at !== null && <Button variant="default" disabled={isPending} onClick={() => { remove.mutate(secret.name); }}>{t('secrets.remove')}</Button>}
      {problem && <ProblemNotice problem={problem} />}
    </form>
  );
}
