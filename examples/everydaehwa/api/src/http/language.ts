import { parseAccept } from 'hono/utils/accept';

export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** The best of our languages for an Accept-Language header; Korean where it names none of them. */
export function chooseLanguage(acceptLanguage: string | undefined): Language {
  const wanted = parseAccept(acceptLanguage ?? '')
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .map(({ type }) => type.toLowerCase().split('-')[0]);
  for (const tag of wanted) {
    const language = languages.find((known) => known === tag);
    if (language !== undefined) return language;
  }
  return 'ko';
}
