import { randomUUID } from 'node:crypto';
import { URL } from 'node:url';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { Client, credentials } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { startStore } from './processes.mjs';
const store = await startStore();
const client = EventStoreDBClient.connectionString(store.node.url);
const data = { text: 'x'.repeat(458), number: 1 };
let left = 1000; const w = async () => { while (left-- > 0) await client.appendToStream(`b-${randomUUID()}`, Array.from({length:100},()=>jsonEvent({type:'happened',data, metadata:{a:1}})), {expectedRevision: NO_STREAM}); };
await Promise.all(Array.from({length:16}, w));
const { Options } = streams.ReadReq; const empty=()=>new shared.Empty();
const options = new Options().setAll(new Options.AllOptions().setStart(empty())).setCount(String(Number.MAX_SAFE_INTEGER)).setNoFilter(empty()).setUuidOption(new Options.UUIDOption().setString(empty()));
const request = Buffer.from(new streams.ReadReq().setOptions(options).serializeBinary());
const id = x=>x;
async function raw(handle, de=id) { const c = new Client(new URL(store.node.url).host, credentials.createInsecure()); const call = c.makeServerStreamRequest('/event_store.client.streams.Streams/Read', id, de, request); let n=0; await new Promise((res,rej)=>{call.on('data', m=>{n++; handle(m)}); call.on('end',res); call.on('error',rej)}); c.close(); return n; }
async function stock(){ let n=0; const all=client.readAll(); await new Promise((res,rej)=>{all.on('error',rej);all.on('data',()=>n++);all.on('end',res)}); return n; }
const gen = b => streams.ReadResp.deserializeBinary(b);
for (const [name, f] of [['stock',stock],['raw identity',()=>raw(()=>{})],['raw generated',()=>raw(m=>{const e=m.getEvent()?.getEvent(); e.getData_asU8();}, gen)],['stock',stock],['raw identity',()=>raw(()=>{})],['raw generated',()=>raw(m=>{const e=m.getEvent()?.getEvent(); e.getData_asU8();}, gen)]]) { const c=process.cpuUsage(); const t=Date.now(); const n=await f(); const u=process.cpuUsage(c); console.log(name, Math.round(n/(Date.now()-t)*1000), 'cpu us/event', ((u.user+u.system)/n).toFixed(1)); }
await client.dispose(); await store.stop();
