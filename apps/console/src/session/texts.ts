import { registerTexts, type TextsOf } from '../i18n/texts';

export const en = {
  signIn: 'Sign in',
  signInTo: 'Sign in to Latido',
  about: 'Clinical risk models in one place: try them, see how they perform, verify the record.',
  ended: 'Your session has ended. Sign in again to return to where you were.',
  signOutUntold:
    'You are signed out here, but the server could not be told. On a shared computer sign in and out again once it answers.',
  name: 'User name or e-mail',
  password: 'Password',
  noAccount: 'No account yet?',
  register: 'Create an account',
  registerTitle: 'Create an account',
  registerHint: 'New accounts may ask for five predictions a minute. An administrator can raise the limit.',
  haveAccount: 'Already have an account?',
  username: 'User name',
  usernameHint: 'Or leave it out, and sign in with your e-mail address.',
  displayName: 'Your name',
  email: 'E-mail',
  invitation: 'Invitation',
  invitationHint: 'Only where the administrator has given you one.',
  passwordHint: 'At least 12 characters; a few words are best.',
  passwordTooShort: 'Must have at least 12 characters',
  emailNeeded: 'Must be an e-mail address',
  nameOrEmailNeeded: 'Choose a user name or give an e-mail address',
  required: 'Required',
  newPasswordTitle: 'Choose a password of your own',
  newPasswordHint: 'The password you signed in with was given to you: it serves only to choose your own.',
  currentPassword: 'The password you were given',
  newPassword: 'New password',
  repeatPassword: 'Repeat the new password',
  passwordsDiffer: 'The passwords do not match',
  changePassword: 'Change password and continue',
  firstAdministrator:
    'First time here? The administrator is “admin”; the first password is in admin-password.txt in the data folder.',
};

const es: TextsOf<typeof en> = {
  signIn: 'Iniciar sesión',
  signInTo: 'Iniciar sesión en Latido',
  about: 'Modelos de riesgo clínico en un solo lugar: pruébelos, vea cómo rinden y verifique el registro.',
  ended: 'Su sesión ha terminado. Inicie sesión otra vez y volverá donde estaba.',
  signOutUntold:
    'Ha cerrado la sesión aquí, pero no se pudo avisar al servidor. En un equipo compartido, vuelva a entrar y salir cuando responda.',
  name: 'Nombre de usuario o correo',
  password: 'Contraseña',
  noAccount: '¿Aún no tiene cuenta?',
  register: 'Crear una cuenta',
  registerTitle: 'Crear una cuenta',
  registerHint:
    'Las cuentas nuevas pueden pedir cinco predicciones por minuto. Un administrador puede ampliar el límite.',
  haveAccount: '¿Ya tiene cuenta?',
  username: 'Nombre de usuario',
  usernameHint: 'O déjelo vacío e inicie sesión con su correo.',
  displayName: 'Su nombre',
  email: 'Correo electrónico',
  invitation: 'Invitación',
  invitationHint: 'Solo si el administrador le ha dado una.',
  passwordHint: 'Al menos 12 caracteres; lo mejor, unas cuantas palabras.',
  passwordTooShort: 'Debe tener al menos 12 caracteres',
  emailNeeded: 'Debe ser una dirección de correo',
  nameOrEmailNeeded: 'Elija un nombre de usuario o indique un correo',
  required: 'Obligatorio',
  newPasswordTitle: 'Elija una contraseña propia',
  newPasswordHint: 'La contraseña con la que ha entrado es provisional: solo sirve para elegir la suya.',
  currentPassword: 'La contraseña que le dieron',
  newPassword: 'Contraseña nueva',
  repeatPassword: 'Repita la contraseña nueva',
  passwordsDiffer: 'Las contraseñas no coinciden',
  changePassword: 'Cambiarla y continuar',
  firstAdministrator:
    '¿Primera vez aquí? El administrador es «admin»; la primera contraseña está en admin-password.txt, en la carpeta de datos.',
};

registerTexts('session', { en, es });

declare module '../i18n/texts' {
  interface TextsByNamespace {
    session: typeof en;
  }
}
