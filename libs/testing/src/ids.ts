import { uuidv5 } from '#event-sourcing';

const TESTS = '7f1d3c0e-4f0e-5c7b-9a55-2d5a0f0b9c11';

/** A UUID that the name always gives. */
export const idOf = (name: string): string => uuidv5(name, TESTS);
