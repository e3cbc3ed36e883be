import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate } from 'react-router';
import { useSession, useSignIn } from '../api/queries';
import { ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import classes from './sign_in.module.css';
import { useScreenParameters } from './use_screen_parameters';

/** The address to go on to; only one of this center's own screens. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : '/';
}

export function SignInPage() {
  const { t } = useTranslation();
  const { get } = useScreenParameters();
  const session = useSession().data;
  const signIn = useSignIn();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  if (session?.kind === 'account') return <Navigate to={safeNext(get('next'))} replace />;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    signIn.mutate({ name, password }, { onError: () => { setPassword(''); } });
  };
  return (
    <div className={classes['sheet']}>
      <Page title={t('sign_in.title')}>
        {session?.set_up_needed && <Alert variant="outline">{t('sign_in.set_up_needed')}</Alert>}
        <form className={classes['form']} onSubmit={submit}>
          <TextInput label={t('sign_in.name')} name="name" autoComplete="username" autoCapitalize="none" required value={name} onChange={(event) => { setName(event.currentTarget.value); }} />
          <PasswordInput label={t('sign_in.password')} name="password" autoComplete="current-password" required value={password} onChange={(event) => { setPassword(event.currentTarget.value); }} />
          {signIn.error && <ProblemNotice problem={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>{t('sign_in.submit')}</Button>
        </form>
      </Page>
    </div>
  );
}
