import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ProjectionStatuses } from '#application';

/** What the process measures of itself, for Prometheus. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request, by method, route pattern and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly lagEvents = new Gauge({
    name: 'projection_lag_events',
    help: 'Events in the store not yet applied (counted up to 10,000).',
    labelNames: ['projection'],
    registers: [this.registry],
  });
  private readonly lagSeconds = new Gauge({
    name: 'projection_lag_seconds',
    help: 'Age of the oldest event not yet applied.',
    labelNames: ['projection'],
    registers: [this.registry],
  });
  private readonly paused = new Gauge({
    name: 'projection_paused',
    help: '1 when the projection waits for an operator: by an event that could not be applied, or because one has paused it.',
    labelNames: ['projection', 'by'],
    registers: [this.registry],
  });
  private readonly skipped = new Gauge({
    name: 'projection_skipped_events',
    help: 'Events that operators had it leave out.',
    labelNames: ['projection'],
    registers: [this.registry],
  });

  private readonly rebuilt = new Gauge({
    name: 'projection_rebuild_events',
    help: 'Of a generation that is being made: events applied, and of how many.',
    labelNames: ['projection', 'generation', 'events'],
    registers: [this.registry],
  });

  constructor(private readonly statuses: ProjectionStatuses) {
    collectDefaultMetrics({ register: this.registry });
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  /** All metrics in Prometheus' text format; the projections are looked at now, and left out when they cannot be. */
  async text(): Promise<string> {
    for (const gauge of [this.lagEvents, this.lagSeconds, this.paused, this.skipped, this.rebuilt])
      gauge.reset();
    for (const status of await this.statuses.read().catch(() => [])) {
      const { name: projection, lagEvents, lagSeconds, skipped } = status;
      this.lagEvents.set({ projection }, lagEvents);
      this.lagSeconds.set({ projection }, lagSeconds);
      const made = status.generations.filter(({ phase }) => phase === 'building');
      for (const { name, state, error } of [status, ...made]) {
        const isPaused = state === 'paused';
        this.paused.set({ projection: name, by: 'event' }, isPaused && error ? 1 : 0);
        this.paused.set({ projection: name, by: 'operator' }, isPaused && !error ? 1 : 0);
      }
      for (const { name, progress } of status.generations) {
        if (!progress) continue;
        this.rebuilt.set({ projection, generation: name, events: 'applied' }, progress.events);
        this.rebuilt.set({ projection, generation: name, events: 'all' }, progress.of);
      }
      this.skipped.set({ projection }, skipped.length);
    }
    return this.registry.metrics();
  }
}
