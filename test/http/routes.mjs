/** Which routes of an OpenAPI document the battery's steps are. */

/** `GET /v1/models/{model}` of a step: of the routes that fit its path, the one with the fewest parameters. */
export function routeOf({ method, path }, document) {
  const segments = path
    .split('?')[0]
    .replace(/(.)\/$/, '$1')
    .split('/');
  const fitting = Object.keys(document.paths).filter((template) => {
    const parts = template.replace(/(.)\/$/, '$1').split('/');
    return (
      method.toLowerCase() in document.paths[template] &&
      parts.length === segments.length &&
      parts.every((part, index) => part === segments[index] || (part.startsWith('{') && segments[index] !== ''))
    );
  });
  const parameters = (template) => template.split('{').length;
  const [best] = fitting.sort((a, b) => parameters(a) - parameters(b));
  return best && `${method} ${best}`;
}

/** Of a server's document: a route of `{model}` is described once more for each model that it has. */
function isOfOneModel(path, document) {
  const general = path.replace(/^\/v1\/models\/[^/{}]+\//, '/v1/models/{model}/');
  return general !== path && general in document.paths;
}

/** Routes of the document that no step of these topics is. */
export function unsentRoutes(document, topics) {
  const sent = new Set(topics.flatMap(({ steps }) => steps.map((step) => routeOf(step, document))));
  return Object.entries(document.paths)
    .filter(([path]) => !isOfOneModel(path, document))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((route) => !sent.has(route));
}
