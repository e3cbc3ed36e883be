import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages, type Language } from './number_format';
import en from './texts/en.json';
import vi from './texts/vi.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof vi };
  }
}

const remembered = 'fansipan.language';

function isLanguage(text: string | null): text is Language {
  return languages.includes(text as Language);
}

/** Starts the texts in the language last chosen on this device, else Vietnamese. */
export async function startTexts(): Promise<void> {
  const chosen = localStorage.getItem(remembered);
  const language = isLanguage(chosen) ? chosen : 'vi';
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { vi: { translation: vi }, en: { translation: en } },
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(remembered, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
