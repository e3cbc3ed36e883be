import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Button, createTheme, MantineProvider, type MantineProviderProps } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Link, Navigate, Outlet, Route, Routes, useLocation } from 'react-router';
import { mayPass, useCenter, useSession } from '../api/queries';
import { AlarmsPage } from '../features/alarms_page';
import { DeliveriesPage } from '../features/deliveries_page';
import { DeliveryPage } from '../features/delivery_page';
import { PanelPage } from '../features/panel_page';
import { MappingPage } from '../features/quarantine/mapping_page';
import { QuarantinePage } from '../features/quarantine/quarantine_page';
import { RecordsPage } from '../features/records_page';
import { screenPaths } from '../features/screen_paths';
import { SecretsPage } from '../features/secrets_page';
import { SetUpPage } from '../features/set_up_page';
import { SignInPage } from '../features/sign_in_page';
import { SourcePage } from '../features/source_page';
import { SourcesPage } from '../features/sources_page';
import { VersionPage } from '../features/version_page';
import { VersionsPage } from '../features/versions_page';
import { EmptyNote, LoadingLines, ProblemNotice } from '../ui/notice';
import { schemeOf, useTheme } from '../ui/theme';
import { TimeZoneContext } from '../ui/use_format';
import classes from './controls.module.css';
import { Frame } from './frame';

const ComponentsPage = lazy(() => import('../features/components/components_page'));

const theme = createTheme({
  fontFamily: 'var(--mantine-font-family)', defaultRadius: 'md', respectReducedMotion: true,
  components: { Button: Button.extend({ classNames: { label: classes['label'] ?? '' } }) },
});

/** The theme is kept by `ui/theme`; Mantine only follows it. */
const noMemory: NonNullable<MantineProviderProps['colorSchemeManager']> = {
  get: (fallback) => fallback, set: () => undefined, subscribe: () => undefined, unsubscribe: () => undefined, clear: () => undefined,
};

/** Providers around the screens. Mantine's variables come from static styles: the CSP takes no style element. */
export function Providers({ client, children }: { client: QueryClient; children: ReactNode }) {
  const scheme = schemeOf(useTheme());
  return (
    <MantineProvider
      theme={theme} defaultColorScheme="auto" colorSchemeManager={noMemory} withCssVariables={false} withGlobalClasses={false}
      {...(scheme ? { forceColorScheme: scheme } : {})}
    >
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </MantineProvider>
  );
}

const client = new QueryClient({ defaultOptions: { queries: { retry: mayPass } } });

export function App() {
  return (
    <Providers client={client}>
      <BrowserRouter><Screens /></BrowserRouter>
    </Providers>
  );
}

export function Screens() {
  const session = useSession();
  return (
    <TimeZoneContext value={session.data?.center.time_zone ?? 'Asia/Ho_Chi_Minh'}>
      <Routes>
        <Route element={<Frame />}>
          <Route path="/sign-in" element={<SignInPage />} />
          <Route path="/set-up" element={<SetUpPage />} />
          <Route path="/components" element={<Suspense fallback={<LoadingLines lines={3} />}><ComponentsPage /></Suspense>} />
          <Route element={<SignedIn />}>
            <Route path="/" element={<StartPage />} />
            <Route path="/panels/:name" element={<PanelPage />} />
            <Route path="/records" element={<RecordsPage />} />
            <Route path="/records/:dataset/versions" element={<VersionsPage />} />
            <Route path="/versions/:sequence" element={<VersionPage />} />
            <Route path="/alarms" element={<AlarmsPage />} />
            <Route path="/sources" element={<SourcesPage />} />
            <Route path="/sources/:name" element={<SourcePage />} />
            <Route path="/deliveries" element={<DeliveriesPage />} />
            <Route path="/deliveries/:sequence" element={<DeliveryPage />} />
            <Route path="/quarantine" element={<QuarantinePage />} />
            <Route path="/mapping" element={<MappingPage />} />
            <Route path="/secrets" element={<SecretsPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Route>
        </Route>
      </Routes>
    </TimeZoneContext>
  );
}

/** Lets only those through who are signed in; brings the others back here after signing in. */
function SignedIn() {
  const session = useSession();
  const location = useLocation();
  if (session.data?.kind === 'anonymous') return <Navigate to={screenPaths.signIn(location.pathname + location.search)} replace />;
  if (session.data) return <Outlet />;
  return session.error ? <ProblemNotice problem={session.error} onRetry={() => void session.refetch()} /> : <LoadingLines lines={3} />;
}

function StartPage() {
  const { t } = useTranslation();
  const center = useCenter(true);
  const first = center.data?.panels[0];
  if (first) return <Navigate to={screenPaths.panel(first.name)} replace />;
  if (center.error) return <ProblemNotice problem={center.error} onRetry={() => void center.refetch()} />;
  return center.data ? <EmptyNote>{t('app.no_panel')}</EmptyNote> : <LoadingLines lines={3} />;
}

function NotFoundPage() {
  const { t } = useTranslation();
  return <EmptyNote>{t('app.not_found')} <Link to="/">{t('app.to_start')}</Link></EmptyNote>;
}
