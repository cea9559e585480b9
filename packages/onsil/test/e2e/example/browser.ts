/** A person in front of the site: Chromium, as Debian packages it. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { keepScreenshots, launchBrowser } from '../support/browser.ts';

export function describeBrowser(site: () => string): void {
  describe('in a browser', () => {
    test('one signs up, logs out, logs in, stays so over a reload, and logs out', async () => {
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        await visit(page, site());
        expect(errors).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  });
}

async function visit(page: Page, site: string): Promise<void> {
  const email = `${randomUUID()}@example.com`;
  const password = '온실 속의 화초처럼';
  const heading = page.getByRole('heading', { level: 1 });
  const label = (text: string) => page.getByLabel(text, { exact: true });
  const press = (name: string) => page.getByRole('button', { name }).click();
  const announced = (text: string) => page.getByRole('status').getByText(text).waitFor();

  await page.goto(site);
  await page.getByRole('heading', { name: '다시 만나 반가워요' }).waitFor();
  expect(await page.getAttribute('html', 'lang')).toBe('ko');
  await keepScreenshots(page, 'login');

  await page.getByRole('link', { name: '가입하기' }).click();
  await page.getByRole('heading', { name: '처음 오셨군요, 환영해요' }).waitFor();
  await label('이름').fill('김온실');
  await label('이메일').fill(email);
  await label('비밀번호').fill('짧다');
  await press('회원가입');
  await page.locator('input[aria-invalid=true]').waitFor();
  expect(await label('비밀번호').getAttribute('aria-invalid')).toBe('true');
  expect(await label('이메일').getAttribute('aria-invalid')).toBe('false');
  await keepScreenshots(page, 'sign-up');
  await label('비밀번호').fill(password);
  await press('회원가입');
  await announced('가입을 마치고 로그인했습니다.');
  expect(await heading.textContent()).toBe('김온실님, 안녕하세요');
  await keepScreenshots(page, 'account');

  await press('로그아웃');
  await announced('로그아웃했습니다.');
  await label('이메일').fill(email);
  await label('비밀번호').fill(`${password}!`);
  await press('로그인');
  await page.getByRole('alert').getByText(/./).waitFor();
  expect(await heading.textContent()).toBe('다시 만나 반가워요');
  await label('비밀번호').fill(password);
  await press('로그인');
  await announced('로그인했습니다.');

  await page.reload();
  await page.getByRole('heading', { name: '김온실님, 안녕하세요' }).waitFor();
  expect(await page.getByRole('definition').allTextContents()).toEqual(['김온실', email]);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });

  await press('로그아웃');
  await announced('로그아웃했습니다.');
  await page.reload();
  await page.getByRole('heading', { name: '다시 만나 반가워요' }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
}

/** Keeps what the page looks like on a desk and on a telephone. */
