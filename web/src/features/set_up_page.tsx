import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSetUp } from '../api/queries';
import { EmptyNote, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import classes from './sign_in.module.css';

const shortest = 14;

/** Creates the first administrator with the token that stands behind `#` in the set-up link. */
export function SetUpPage() {
  const { t } = useTranslation();
  const [token] = useState(() => decodeURIComponent(window.location.hash.slice(1)));
  // The token leaves the address at once, so that it stays in no history and no screenshot.
  useEffect(() => { if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname); }, [token]);
  return (
    <div className={classes['sheet']}>
      <Page title={t('set_up.title')}>
        {token === '' ? <EmptyNote>{t('set_up.no_token')}</EmptyNote> : <SetUpForm token={token} />}
      </Page>
    </div>
  );
}

function SetUpForm({ token }: { token: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const setUp = useSetUp();
  const [account, setAccount] = useState({ display_name: '', name: '', password: '', repeat: '' });
  const [tried, setTried] = useState(false);
  const field = (name: keyof typeof account) => ({
    value: account[name], required: true, name,
    onChange: (event: { currentTarget: { value: string } }) => { const { value } = event.currentTarget; setAccount((now) => ({ ...now, [name]: value })); },
  });
  const tooShort = [...account.password].length < shortest;
  const different = account.password !== account.repeat;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (tooShort || different) return;
    setUp.mutate({ token, name: account.name, display_name: account.display_name, password: account.password }, { onSuccess: () => void navigate('/') });
  };
  return (
    <form className={classes['form']} onSubmit={submit}>
      <p>{t('set_up.intro')}</p>
      <TextInput label={t('set_up.display_name')} autoComplete="name" {...field('display_name')} />
      <TextInput label={t('set_up.name')} description={t('set_up.name_hint')} autoComplete="username" autoCapitalize="none" pattern="[a-z][a-z0-9_.\-]*" {...field('name')} />
      <PasswordInput label={t('set_up.password')} description={t('set_up.password_hint')} autoComplete="new-password" error={tried && tooShort && t('set_up.too_short')} {...field('password')} />
      <PasswordInput label={t('set_up.repeat')} autoComplete="new-password" error={tried && different && t('set_up.different')} {...field('repeat')} />
      {setUp.error && <ProblemNotice problem={setUp.error} />}
      <Button type="submit" loading={setUp.isPending}>{t('set_up.submit')}</Button>
    </form>
  );
}
