import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './side_drawer.module.css';

interface SideDrawerProps {
  opened: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  testId?: string;
}

/** A sheet at the side for more about one thing; the screen behind keeps its place. */
export function SideDrawer({ opened, title, onClose, children, testId }: SideDrawerProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened} onClose={onClose} position="right" size="44rem" lockScroll={false} title={title} classNames={{ title: classes['title'] ?? '' }}
      closeButtonProps={{ 'aria-label': t('passport.close') }} transitionProps={{ duration: 0 }} data-testid={testId}
    >
      {children}
    </Drawer>
  );
}
