import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';
import { startTexts } from '../src/ui/i18n';

// What Mantine asks of a browser and jsdom does not have.
window.matchMedia = (media: string) => ({
  matches: false, media, onchange: null, addListener: () => undefined, removeListener: () => undefined,
  addEventListener: () => undefined, removeEventListener: () => undefined, dispatchEvent: () => false,
});
class NoResize { observe() { /* nothing is laid out */ } unobserve() { /* nothing */ } disconnect() { /* nothing */ } }
window.ResizeObserver = NoResize;

// A machine that builds at the same time is slow; what never comes still fails.
configure({ asyncUtilTimeout: 10_000 });
beforeAll(startTexts);
afterEach(cleanup);
