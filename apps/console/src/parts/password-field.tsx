import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import './texts';

/** A password, with the button that shows it named in one's own language. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation('parts');
  return <PasswordInput visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }} {...props} />;
}
