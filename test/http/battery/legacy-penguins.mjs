import { get, ofType, oneWith, post, topic } from '../describe.mjs';

const API = '/legacy/penguins';
const PENGUIN = {
  island: 2,
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: 0,
  year: 2007,
};

export default topic(
  'legacy-penguins',
  'Older service "penguins": species, without accounts',
  'The routes of a FastAPI service on port 8000, under /legacy/penguins. Calls without a token count for one account that the operator made.',
  [
    get('The models there are', `${API}/models`, {
      expect: {
        status: 200,
        body: {
          available_models: oneWith({ name: 'penguins', endpoint: 'POST /classify/penguins' }),
          'available_models[0].metrics.test_accuracy': ofType('number'),
        },
      },
    }),
    post('A Gentoo', `${API}/classify/penguins`, {
      json: PENGUIN,
      expect: { status: 200, body: { model: 'penguins', species_id: 3, species_name: 'Gentoo' } },
    }),
    post('An Adélie', `${API}/classify/penguins`, {
      json: {
        island: 1,
        bill_length_mm: 39.1,
        bill_depth_mm: 18.7,
        flipper_length_mm: 181,
        body_mass_g: 3750,
        sex: 1,
        year: 2007,
      },
      expect: { status: 200, body: { species_id: 1, species_name: 'Adelie' } },
    }),
    post('An island there is not, and no year', `${API}/classify/penguins`, {
      json: { ...PENGUIN, island: 4, year: undefined },
      expect: { status: 422, body: { 'detail[0].loc[1]': ofType('string'), 'detail[1].msg': ofType('string') } },
    }),
    post('A model there is not', `${API}/classify/nothing`, {
      json: PENGUIN,
      expect: { status: 404, body: { detail: ofType('string') } },
    }),
    post('A model that is not for everybody', `${API}/classify/haemodynamic-shock`, {
      json: PENGUIN,
      expect: { status: 404, body: { detail: ofType('string') } },
    }),
    post('A token that does not hold', `${API}/classify/penguins`, {
      headers: { Authorization: 'Bearer not.a.token' },
      json: PENGUIN,
      expect: { status: 401, body: { detail: ofType('string') } },
    }),
  ],
  { LEGACY_APIS: 'penguins', LEGACY_ANONYMOUS_USER: 'older-clients', LEGACY_ANONYMOUS_MODELS: 'penguins' },
);
