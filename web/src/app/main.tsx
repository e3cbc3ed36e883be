import './styles';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startTexts } from '../ui/i18n';
import { startTheme } from '../ui/theme';
import { App } from './app';

const root = document.getElementById('root');
if (root) {
  startTheme();
  await startTexts();
  createRoot(root).render(<StrictMode><App /></StrictMode>);
}
