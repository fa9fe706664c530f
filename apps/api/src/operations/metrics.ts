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
    help: '1 when an event could not be applied and the projection waits for an operator.',
    labelNames: ['projection'],
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
    for (const gauge of [this.lagEvents, this.lagSeconds, this.paused]) gauge.reset();
    for (const { name, lagEvents, lagSeconds, state } of await this.statuses.read().catch(() => [])) {
      this.lagEvents.set({ projection: name }, lagEvents);
      this.lagSeconds.set({ projection: name }, lagSeconds);
      this.paused.set({ projection: name }, state === 'paused' ? 1 : 0);
    }
    return this.registry.metrics();
  }
}
