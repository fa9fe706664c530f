import { setTimeout as rest } from 'node:timers/promises';
import { idOf, type Random } from '#testing';
import { anActivity, type Answer } from '../../support/http.js';

/** A command that was answered with success. */
export interface Acknowledged {
  /** Its Idempotency-Key, and its X-Correlation-Id, by which its events are found. */
  readonly key: string;
  readonly answer: Answer;
  /** Types of the events that it asks for, in their order. */
  readonly types: readonly string[];
}

interface Command {
  readonly key: string;
  readonly path: string;
  readonly body: object;
  readonly types: readonly string[];
}

const WRITERS = 6;
const READERS = 2;
/** Milliseconds of a writer between commands, at the most. */
const LONGEST_REST = 60;
const PATIENCE = 8_000;

/** Clients that send commands, each until it is acknowledged, and others that look whether they are shown. */
export class Load {
  readonly acknowledged: Acknowledged[] = [];
  /** The problem told by the newest answer of 503 to a command. */
  refusal: unknown;
  /** Requests that were not answered, and those answered with 503. */
  readonly count = { unanswered: 0, unavailable: 0, repeated: 0, read: 0 };
  private isOver = false;
  private isAbandoned = false;
  private readonly clients: Promise<unknown>;
  /** Rejects when an answer was not one that a client should ever get. */
  readonly failed: Promise<never>;

  /** @param urls of the APIs, which are tried in turn */
  constructor(
    private readonly urls: readonly string[],
    private readonly next: Random,
  ) {
    this.clients = Promise.all([
      ...Array.from({ length: WRITERS }, (_, writer) => this.write(writer)),
      ...Array.from({ length: READERS }, () => this.read()),
    ]);
    this.failed = new Promise((_, reject) => void this.clients.catch(reject));
    this.failed.catch(() => undefined);
  }

  /** Resolves once every command that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.clients;
  }

  /** Gives up what is not acknowledged. */
  async abandon(): Promise<void> {
    this.isAbandoned = true;
    await this.stop().catch(() => undefined);
  }

  private async write(writer: number): Promise<void> {
    let activity: string | undefined;
    for (let turn = 0; !this.isOver; turn++) {
      const command = this.commandOf(`writer ${writer}, command ${turn}`, activity);
      const answer = (await this.untilAnswered(command)) as Answer;
      activity = answer.id;
      this.acknowledged.push({ key: command.key, answer, types: command.types });
      if (this.next(8) === 0) await this.repeat(command, answer);
      await rest(this.next(LONGEST_REST));
    }
  }

  private commandOf(key: string, activity: string | undefined): Command {
    const participation = (of: number) => ({ institution: `Institution ${of}`, total: 1 + this.next(50) });
    if (activity && this.next(3) === 0)
      return {
        ...{ key, path: `/${activity}/participations`, body: participation(this.next(9)) },
        types: ['ParticipationRecorded'],
      };
    if (activity && this.next(3) === 0)
      return { key, path: `/${activity}/amend`, body: { title: idOf(key) }, types: ['ActivityAmended'] };
    const participations = Array.from({ length: this.next(4) }, (_, of) => participation(of));
    return {
      ...{ key, path: '/log', body: { ...anActivity, title: key, participations } },
      types: ['ActivityLogged', ...participations.map(() => 'ParticipationRecorded')],
    };
  }

  /** A retry is safe: the first answer comes again. */
  private async repeat(command: Command, answer: Answer): Promise<void> {
    this.count.repeated++;
    const again = await this.untilAnswered(command);
    if (JSON.stringify(again) !== JSON.stringify(answer))
      throw new Error(`${command.key}: ${JSON.stringify(answer)}, then ${JSON.stringify(again)}`);
  }

  /** What was written is read, by others. */
  private async read(): Promise<void> {
    for (; !this.isOver; await rest(this.next(LONGEST_REST))) {
      const { id, revision, position } = this.acknowledged.at(-1)?.answer ?? {};
      if (id === undefined) continue;
      const shown = await this.ask(`/${id}`, { headers: { 'Consistency-Token': position! } });
      if (!shown) continue;
      this.count.read++;
      if ((shown as Answer).revision < revision!)
        throw new Error(`${id} is shown without revision ${revision}`);
    }
  }

  private async untilAnswered({ key, path, body }: Command): Promise<unknown> {
    for (;;) {
      if (this.isAbandoned) throw new Error('given up');
      const answer = await this.ask(path, {
        method: 'POST',
        headers: { 'Idempotency-Key': key, 'X-Correlation-Id': key, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (answer) return answer;
      await rest(this.next(200));
    }
  }

  /**
   * @returns the answer's JSON; undefined for none, or 503
   * @throws Error for every other answer
   */
  private async ask(path: string, { headers, ...request }: RequestInit): Promise<unknown> {
    const url = `${this.urls[this.next(this.urls.length)]!}/api/v1/activities${path}`;
    const response = await fetch(url, {
      ...request,
      headers: { 'X-Actor': 'staff-1', ...(headers as Record<string, string>) },
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (!response || text === undefined) {
      this.count.unanswered++;
      return undefined;
    }
    const { status } = response;
    if (status === 200 || status === 201) return JSON.parse(text);
    if (status !== 503) throw new Error(`${path} is answered with ${status} ${text}`);
    this.count.unavailable++;
    if (request.method === 'POST') this.refusal = JSON.parse(text);
    return undefined;
  }
}
