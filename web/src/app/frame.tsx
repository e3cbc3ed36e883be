import { Button, NativeSelect, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { useCenter, useSession, useSignOut } from '../api/queries';
import { screenPaths } from '../features/screen_paths';
import { chooseLanguage } from '../ui/i18n';
import type { Language } from '../ui/number_format';
import { useFormat } from '../ui/use_format';
import classes from './frame.module.css';

/** What stands around every screen: the center's name, the ways, language, light or dark, the account. */
export function Frame() {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useSession().data;
  const main = useFocusOnChange();
  return (
    <div className={classes['frame']}>
      <a href="#main" className={classes['skip']}>{t('app.skip')}</a>
      <header className={classes['head']}>
        <Link to="/" className={classes['brand']}>
          <img src="/fansipan.svg" alt="" className={classes['logo']} />
          <span><strong>{t('app.name')}</strong>{session && <span className={classes['center']}>{format.text(session.center.title)}</span>}</span>
        </Link>
        {session?.kind === 'account' && <Ways />}
        <div className={classes['tools']}>
          <LanguageSwitch />
          <SchemeSwitch />
          {session?.kind === 'account' && <AccountTools name={session.display_name ?? session.name ?? ''} csrfToken={session.csrf_token} />}
        </div>
      </header>
      <main id="main" ref={main} className={classes['main']} tabIndex={-1}><Outlet /></main>
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
  return (
    <nav aria-label={t('app.navigation')} className={classes['ways']}>
      {center?.panels.map((panel) => <NavLink key={panel.name} to={screenPaths.panel(panel.name)}>{format.text(panel.title)}</NavLink>)}
      <NavLink to={screenPaths.sources}>{t('app.sources')}</NavLink>
      <NavLink to={screenPaths.deliveries()}>{t('app.deliveries')}</NavLink>
      <NavLink to={screenPaths.quarantine()}>{t('app.quarantine')}</NavLink>
    </nav>
  );
}

function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <NativeSelect
      size="xs" aria-label={t('app.language')} value={language} data-testid="language"
      onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}
      data={[{ value: 'vi', label: t('language.vi') }, { value: 'en', label: t('language.en') }]}
    />
  );
}

function SchemeSwitch() {
  const { t } = useTranslation();
  // Without keepTransitions Mantine puts a style element into the page, which the CSP refuses.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? t('app.theme_light') : t('app.theme_dark');
  return (
    <Button size="xs" variant="default" px="xs" aria-label={label} title={label} onClick={() => { setColorScheme(dark ? 'light' : 'dark'); }}>
      {dark ? '☀' : '☾'}
    </Button>
  );
}

function AccountTools({ name, csrfToken }: { name: string; csrfToken: string | null }) {
  const { t } = useTranslation();
  const signOut = useSignOut(csrfToken);
  return (
    <>
      <span className={classes['account']}>{name}</span>
      <Button size="xs" variant="default" loading={signOut.isPending} onClick={() => { signOut.mutate(); }}>{t('app.sign_out')}</Button>
    </>
  );
}
