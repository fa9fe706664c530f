import { Injectable } from '@nestjs/common';
import { EventStore } from '#event-sourcing';
import { awaitAsOf, awaitCaughtUp, CaughtUp, readAsOf } from '#http';
import type { Bound, Query } from '#postgres';
import { Clock } from '#shared-kernel';
import { DataSource } from 'typeorm';
import { reportedProjections } from '../../queries/report-parts.js';
import type { Report } from '../../report.js';
import { editionItem, findEdition, listEditions, type Edition, type EditionItem } from './find-editions.js';
import { figureChanges, type EditionChanges } from './read-changes.js';
import { renderEdition } from './render-report.js';
import { traceFigures } from './trace-figures.js';

/** An edition with its report: for ever what it was when it was published. */
export interface PublishedReport extends EditionItem {
  readonly report: Report;
}

/** What is asked of the editions of a year. */
@Injectable()
export class EditionQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly caughtUp: CaughtUp,
  ) {}

  /** The first one first; none of a year that is not published. */
  async list(year: number): Promise<EditionItem[]> {
    const editions = await this.read((query, bound) => listEditions(query, bound, year));
    return editions.map(editionItem);
  }

  /** @throws AggregateNotFound; Problem 500 EditionDoesNotMatch, 503 while the read model is behind */
  async edition(year: number, number: number): Promise<PublishedReport> {
    const { edition, report } = await this.rendered(year, number);
    return { ...editionItem(edition), report };
  }

  /** What is known otherwise now than an edition says. @throws as `edition` */
  async changes(year: number, number: number): Promise<EditionChanges> {
    const { edition, report } = await this.rendered(year, number);
    const { asOf, trace } = await this.read(async (query, bound) => ({
      asOf: { position: bound.position, time: bound.time },
      trace: await traceFigures(query, bound, edition, report),
    }));
    const figures = await figureChanges(this.store, trace);
    return { edition: number, year, since: edition.asOf, asOf, figures };
  }

  private async rendered(year: number, number: number): Promise<{ edition: Edition; report: Report }> {
    const edition = await this.read((query, bound) => findEdition(query, bound, year, number));
    await awaitCaughtUp(this.caughtUp, reportedProjections, BigInt(edition.asOf.position));
    return { edition, report: await renderEdition(this.dataSource, edition) };
  }

  /** In the present state. */
  private async read<Result>(read: (query: Query, bound: Bound) => Promise<Result>): Promise<Result> {
    const state = await awaitAsOf({}, reportedProjections, this.clock, this.caughtUp);
    return readAsOf(this.dataSource, reportedProjections, state, read);
  }
}
