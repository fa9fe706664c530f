/** The best of the forms offered, by media range, for an Accept header (RFC 9110); undefined when there is none for it. */
export function accepted<Format>(
  accept: string | undefined,
  offered: ReadonlyMap<string, Format>,
): Format | undefined {
  return (accept?.trim() || '*/*')
    .split(',')
    .map((range) => {
      const [type = '', ...parameters] = range
        .toLowerCase()
        .split(';')
        .map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { format: offered.get(type), quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ format, quality }) => format && quality > 0)
    .sort((one, other) => other.quality - one.quality)[0]?.format;
}
