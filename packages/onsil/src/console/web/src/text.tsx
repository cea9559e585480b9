/** English and Korean: each view keeps both in a `text.ts` of its own. */
import {
  createContext,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  useContext,
  useEffect,
  useState,
} from 'react';

export type Language = 'en' | 'ko';

/** `ko` has what `en` has. */
export interface Texts<T> {
  readonly en: T;
  readonly ko: T;
}

const KEY = 'onsil.language';

const LanguageContext = createContext<readonly [Language, Dispatch<SetStateAction<Language>>]>([
  'en',
  () => {},
]);

/** What was chosen before, else the browser's. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'en' || kept === 'ko') return kept;
  return navigator.languages.some((each) => each.startsWith('ko')) ? 'ko' : 'en';
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const state = useState<Language>(firstLanguage);
  const [language] = state;
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(KEY, language);
  }, [language]);
  return <LanguageContext value={state}>{children}</LanguageContext>;
}

export const useLanguage = () => useContext(LanguageContext);

export function useText<T>(texts: Texts<T>): T {
  const [language] = useLanguage();
  return texts[language];
}
