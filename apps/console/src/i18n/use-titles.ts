/** Titles where only names are at hand, as in lists: of models that are served, in the reader's language. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { modelsQuery } from '../api/models';
import { useTerms } from './clinical-terms';

export interface Titles {
  /** @param name of a model; it stands for itself where nobody serves it any more */
  model(name: string): string;
  /** Of one of a model's classes, as its active version calls it. */
  modelClass(model: string, name: string): string;
}

export function useTitles(): Titles {
  const terms = useTerms();
  const { data } = useQuery(modelsQuery);
  return useMemo(() => {
    const models = new Map(data?.map((model) => [model.name, model]));
    return {
      model: (name) => terms.modelTitle(models.get(name) ?? name),
      modelClass: (model, name) =>
        terms.classTitle(model, models.get(model)?.output.classes?.find((one) => one.name === name) ?? name),
    };
  }, [data, terms]);
}
