import { describe, expect, it } from '@jest/globals';
import { uuidv5 } from './uuid.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('a UUID of a name', () => {
  it('is that of RFC 9562, appendix A.4', () => {
    expect(uuidv5('www.example.com', DNS)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('is of the name in UTF-8, and of the namespace however it is capitalised', () => {
    const ids = new Set(['é', 'e\u0301', '🙂', ''].map((name) => uuidv5(name, DNS)));
    expect(ids.size).toBe(4);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidv5('é', DNS.toUpperCase())).toBe(uuidv5('é', DNS));
    expect(uuidv5('é', DNS)).toBe('ebfe0af8-3997-5ade-b634-ba92cf69f557');
  });
});
