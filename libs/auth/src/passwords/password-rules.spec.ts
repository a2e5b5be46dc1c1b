import { describe, expect, it } from 'vitest';
import { DomainError } from '#platform';
import { isCommonPassword } from './common-passwords.js';
import { assertAcceptablePassword, passwordFault } from './password-rules.js';

describe('common passwords', () => {
  it.each([
    'password1234',
    'Password2024!!',
    'P@ssw0rd1234',
    'passwordpassword',
    'administrator',
    'ADMIN-ADMIN-1',
    '123456789012',
    '1234567890123',
    'qwertyuiop12',
    'qwerty123456',
    'abc123abc123',
    'abcdefghijkl',
    'aaaaaaaaaaaa',
    'abababababab',
    '112233445566',
    '1q2w3e4r5t6y',
    '1qaz2wsx3edc',
    'iloveyou1234',
    'letmein12345',
    'changeme1234',
    'welcome12345',
    'contraseña12',
    'hospital1234',
    'hunter2hunter2',
    'password 1234',
    'zxcvbnm12345',
    'ｐａｓｓｗｏｒｄ1234',
  ])('refuses %s', (password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  it.each([
    'three small green boats',
    'correct horse battery staple',
    'tr4nsfusi0n-Mond4y',
    'xK9#mQ2$vL7w',
    'the hospital on the hill',
    'ñandúes y flamencos',
    'test-password-1234',
    '密码不能太简单啊我的朋友们',
  ])('accepts %s', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });
});

describe('password rules', () => {
  const names = { email: 'Maria.Lopez@hospital.example', username: 'mlopez' };

  it.each(['MLOPEZ-and-a-boat', 'my name is maria.lopez ok', 'xx maria.lopez@hospital.example'])(
    "refuses the account's own name: %s",
    (password) => {
      expect(passwordFault(password, names)).toContain('own name');
    },
  );

  it('does not look for names of three letters, which are found in any sentence', () => {
    expect(passwordFault('banana split on mondays', { username: 'ana' })).toBeNull();
  });

  it('counts characters, not UTF-16 units', () => {
    const elevenFaces = '😀😁😂🤣😃😄😅😆😉😊😋';
    expect(() => assertAcceptablePassword(elevenFaces, {}, '/password')).toThrow(DomainError);
    expect(() => assertAcceptablePassword(`${elevenFaces}😎`, {}, '/password')).not.toThrow();
  });

  it('names the field at fault', () => {
    expect(() => assertAcceptablePassword('short', {}, '/newPassword')).toThrow(
      expect.objectContaining({
        extra: { errors: [{ pointer: '/newPassword', detail: 'must be longer than or equal to 12 characters' }] },
      }),
    );
    expect(() => assertAcceptablePassword('x y '.repeat(100), {}, '/newPassword')).toThrow(DomainError);
  });
});
