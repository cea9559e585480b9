/** Every page of the site by its path. Where one is logged in, `home` shows who one is. */
export const pages = { home: '/', signUp: '/signup' } as const;

export type Page = (typeof pages)[keyof typeof pages];

export function isPage(path: string): path is Page {
  return Object.values<string>(pages).includes(path);
}
