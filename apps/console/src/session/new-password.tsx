import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ChangePasswordForm } from './change-password-form';
import { FrontDoor } from './front-door';
import './texts';

/** Where those go who signed in with a password that was given to them. */
export function NewPassword() {
  const { t } = useTranslation('session');
  const navigate = useNavigate();
  return (
    <FrontDoor title={t('newPasswordTitle')} hint={t('newPasswordHint')}>
      <ChangePasswordForm
        currentLabel={t('currentPassword')}
        submitLabel={t('changePassword')}
        onChanged={() => void navigate({ to: '/' })}
      />
    </FrontDoor>
  );
}
