import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';

/** A way to a port of this machine that can be slowed, held up, cut and closed. Bytes keep their order; few are held. */
export class TcpProxy {
  /** Milliseconds for which each piece is held back. */
  delay = 0;
  private isClosed = false;
  private held: Promise<void> | undefined;
  private letGo: () => void = () => undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** The port that new connections lead to; 0: none yet. */
    public target: number,
  ) {
    server.on('connection', (client: Socket) => this.join(client));
  }

  /** On a free port. */
  static async start(target = 0): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends every connection, at whatever byte it is. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Cuts, and ends new connections as they come, until `mend`. */
  close(): void {
    this.isClosed = true;
    this.cut();
  }

  /** Lets nothing through, nor the end of a connection, until `mend`: then all of it comes, late. */
  hold(): void {
    this.held ??= new Promise((resolve) => (this.letGo = resolve));
  }

  mend(): void {
    this.delay = 0;
    this.isClosed = false;
    this.letGo();
    this.held = undefined;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.close();
    this.letGo();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    this.keep(client);
    if (this.isClosed || this.target === 0) return void client.resetAndDestroy();
    const server = this.keep(connect(this.target, '127.0.0.1'));
    void this.carry(client, server);
    void this.carry(server, client);
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.setNoDelay().on('close', () => this.sockets.delete(socket));
    return socket.on('error', () => undefined);
  }

  private async carry(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const piece of from) {
        await this.passage();
        if (!to.write(piece as Buffer)) await once(to, 'drain');
      }
    } catch {
      // Cut on one side: the other shall know as well.
    }
    await this.passage();
    to.destroy();
  }

  private async passage(): Promise<void> {
    if (this.delay > 0) await rest(this.delay);
    await this.held;
  }
}
