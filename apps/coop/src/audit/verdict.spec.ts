import { describe, expect, it } from '@jest/globals';
import { verdict } from './verdict.js';

describe('the verdict of coop audit verify', () => {
  const whole = { intact: true, faultCount: 0, position: '70', rowsPosition: '70' };

  it('is that nothing was altered only where everything was compared', () => {
    expect(verdict(whole)).toBe('Intact: nothing was altered, removed or moved.');
    const behind = verdict({ ...whole, rowsPosition: '40' });
    expect(behind).not.toContain('nothing was altered');
    expect(behind).toMatch(/^Events intact: .* compared only up to position 40, not to 70/);
  });

  it('counts the faults, and says there too what was not compared', () => {
    const faulty = { ...whole, intact: false, faultCount: 1 };
    expect(verdict(faulty)).toBe('NOT intact: 1 fault.');
    expect(verdict({ ...faulty, faultCount: 1_200, rowsPosition: '40' })).toMatch(
      /^NOT intact: 1,200 faults\. The rows .* only up to position 40/,
    );
  });
});
