import { useSearch } from '@tanstack/react-router';
import { Publishing } from '../publishing/publishing';

export function PublishPage() {
  const { model } = useSearch({ from: '/inside/models/publish' });
  return <Publishing nextOf={model} />;
}
