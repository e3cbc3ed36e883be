import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { reloadOnceServed } from './reload';

/**
 * Keeps a defect of one screen from leaving the display blank: says so in its place, and loads the page anew once the
 * server answers, since on a wall nobody is there to do it.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  private stop: (() => void) | null = null;

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch() {
    this.stop ??= reloadOnceServed();
  }

  override componentWillUnmount() {
    this.stop?.();
    this.stop = null;
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <Notice title={t('state.broken')} testId="broken">
      <p>{t('state.broken_hint')}</p>
      <Button size="xs" variant="default" onClick={() => { window.location.reload(); }}>{t('state.reload')}</Button>
    </Notice>
  );
}
