import { describe, expect, it } from '@jest/globals';
import { fundingAmount, isDatedIn, personFigures, type Days, type Segment } from './contribution-figures.js';

/** examples/azerbaijan-nato/contributions.csv, operation ISAF. */
const isaf: Segment[] = [
  { from: '2002-11-20', to: '2008-01-14', value: 22 },
  { from: '2008-01-15', to: '2009-02-26', value: 45 },
  { from: '2009-02-27', to: '2010-10-04', value: 90 },
  { from: '2010-10-05', to: '2014-12-31', value: 94 },
];
const year = (of: number) => ({ from: `${of}-01-01`, to: `${of}-12-31` });

describe('personFigures', () => {
  // By hand: full months by 1, others by their days. 2002: 22 x (11/30 + 1). 2008: 22 x 14/31 + 45 x (17/31 + 11).
  // 2009: 45 x (1 + 26/28) + 90 x (2/28 + 10). 2010: 90 x (9 + 4/31) + 94 x (27/31 + 2).
  it.each([
    [2001, 0, 0, 0],
    [2002, 22, 22, 30.07],
    [2003, 22, 22, 264],
    [2007, 22, 22, 264],
    [2008, 45, 45, 529.61],
    [2009, 90, 90, 993.21],
    [2010, 94, 94, 1_091.48],
    [2011, 94, 94, 1_128],
    [2014, 94, 94, 1_128],
    [2015, 0, 0, 0],
  ])('ISAF in %i: peak %i, at the end %i, %d person-months', (of, peak, yearEnd, personMonths) => {
    expect(personFigures(isaf, year(of))).toEqual({ peak, yearEnd, personMonths });
  });

  it('never adds up what followed one another: the peak is the most at one time', () => {
    // The years by hand: 30.0667 + 5 x 264 + 529.6129 + 993.2143 + 1,091.4839 + 4 x 1,128.
    const all = personFigures(isaf, { from: '2002-01-01', to: '2014-12-31' });
    expect(all).toEqual({ peak: 94, yearEnd: 94, personMonths: 8_476.38 });
  });

  it('takes a month or year for all of it, and no end for one yet to come', () => {
    expect(personFigures([{ from: '1999-09', to: '2008-04', value: 34 }], year(2008))).toEqual({
      peak: 34,
      yearEnd: 0,
      personMonths: 136,
    });
    expect(personFigures([{ from: '2014', value: 7 }], year(2020))).toEqual({
      peak: 7,
      yearEnd: 7,
      personMonths: 84,
    });
  });

  it('says null for what is not recorded, and zero for what is over', () => {
    expect(personFigures([{ from: '2009' }], year(2010))).toEqual({
      peak: null,
      yearEnd: null,
      personMonths: null,
    });
    expect(personFigures([{ from: '2009', to: '2010-03' }], year(2010)).yearEnd).toBe(0);
  });
});

describe('funds', () => {
  const paid: Segment[] = [
    { from: '2012', value: 1_000_000 },
    { from: '2015-05-13', to: '2017-12-31', value: 2_000_000 },
  ];
  const dated = (within: Days) => paid.filter((segment) => isDatedIn(segment, within));

  it('count once, in the period that holds their date for certain', () => {
    expect([2011, 2012, 2015, 2016].map((of) => dated(year(of)).length)).toEqual([0, 1, 1, 0]);
    expect(dated({ from: '2012-01-01', to: '2012-06-30' })).toEqual([]);
  });

  it('add up, but where one is not recorded', () => {
    expect(fundingAmount(paid)).toBe(3_000_000);
    expect(fundingAmount([...paid, { from: '2013' }])).toBeNull();
  });
});
