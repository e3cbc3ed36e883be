import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { useCenter, useSession, useSignOut } from '../api/queries';
import { screenPaths } from '../features/screen_paths';
import { chooseLanguage } from '../ui/i18n';
import { Menu } from '../ui/menu';
import type { Language } from '../ui/number_format';
import { SettingsShape } from '../ui/shape';
import { chooseTheme, themes, useTheme, type Theme } from '../ui/theme';
import { useFormat } from '../ui/use_format';
import { ErrorBoundary } from './error_boundary';
import classes from './frame.module.css';

/** What stands around every screen: the center's name, the ways, language, theme, the account. */
export function Frame() {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useSession().data;
  const main = useFocusOnChange();
  const { pathname } = useLocation();
  const account = session?.kind === 'account' ? session : null;
  const center = session ? format.text(session.center.title) : '';
  return (
    <div className={classes['frame']}>
      <a href="#main" className={classes['skip']}>{t('app.skip')}</a>
      <header className={classes['head']}>
        <Link to="/" className={classes['brand']}>
          <img src="/fansipan.svg" alt="" className={classes['logo']} />
          <span className={classes['names']}><strong>{t('app.name')}</strong><span className={classes['center']} title={center}>{center}</span></span>
        </Link>
        {account && <Ways />}
        <div className={classes['tools']}>
          <Menu label={t('app.settings')} button={<><SettingsShape /><span className={classes['account']}>{account ? account.display_name ?? account.name : ''}</span></>}>
            <LanguageSwitch />
            <ThemeSwitch />
            {account && <SignOut csrfToken={account.csrf_token} />}
          </Menu>
        </div>
      </header>
      <main id="main" ref={main} className={classes['main']} tabIndex={-1}><ErrorBoundary key={pathname}><Outlet /></ErrorBoundary></main>
    </div>
  );
}

/** Moves the focus to the content when another screen is opened, so that it is read from its start. */
function useFocusOnChange() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus();
    window.scrollTo(0, 0);
  }, [pathname]);
  return main;
}

function Ways() {
  const { t } = useTranslation();
  const format = useFormat();
  const center = useCenter(true).data;
  const session = useSession().data;
  return (
    <nav aria-label={t('app.navigation')} className={classes['ways']}>
      {center?.panels.map((panel) => <NavLink key={panel.name} to={screenPaths.panel(panel.name)}>{format.text(panel.title)}</NavLink>)}
      <NavLink to={screenPaths.alarms()}>{t('app.alarms')}</NavLink>
      <NavLink to={screenPaths.sources}>{t('app.sources')}</NavLink>
      <NavLink to={screenPaths.deliveries()}>{t('app.deliveries')}</NavLink>
      <NavLink to={screenPaths.quarantine()}>{t('app.quarantine')}</NavLink>
      {session?.role === 'administrator' && <NavLink to={screenPaths.secrets}>{t('app.secrets')}</NavLink>}
    </nav>
  );
}

function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <NativeSelect
      label={t('app.language')} value={language} data-testid="language"
      onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}
      data={[{ value: 'vi', label: t('language.vi') }, { value: 'en', label: t('language.en') }]}
    />
  );
}

function ThemeSwitch() {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t('app.theme')} value={useTheme()} data-testid="theme"
      onChange={(event) => { chooseTheme(event.currentTarget.value as Theme); }}
      data={themes.map((theme) => ({ value: theme, label: t(`theme.${theme}`) }))}
    />
  );
}

function SignOut({ csrfToken }: { csrfToken: string | null }) {
  const { t } = useTranslation();
  const signOut = useSignOut(csrfToken);
  return <Button variant="default" loading={signOut.isPending} onClick={() => { signOut.mutate(); }}>{t('app.sign_out')}</Button>;
}
