/** A part with some of its methods replaced; the others are its own. */
export const withMethods = <Part extends object>(part: Part, methods: Partial<Part>): Part =>
  new Proxy(part, {
    get: (target, name) => {
      const replaced: unknown = Reflect.get(methods, name);
      if (replaced !== undefined) return replaced;
      const own: unknown = Reflect.get(target, name);
      return typeof own === 'function'
        ? (...given: unknown[]): unknown => Reflect.apply(own, target, given)
        : own;
    },
  });
